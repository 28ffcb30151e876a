"""PyTorch, eager, on the CPU. The protocol is that of child.mjs; the penalty is the optimizer's own weight_decay (2 lambda, on kernels)."""
import ctypes
import json
import os
import re
import sys
import time

import torch
from torch import nn


def blas():
    """The library that multiplies matrices: as far as the process shows it, with the kernels that OpenBLAS chose."""
    with open('/proc/self/maps') as maps:
        paths = {line.split()[-1] for line in maps if re.search(r'blas|mkl_rt|blis', line)}
    fast = sorted(p for p in paths if re.search(r'openblas|mkl_rt|blis', p))
    if not fast:
        return 'a BLAS that is not optimised: its products are slow' if paths else 'its own BLAS'
    try:
        name = ctypes.CDLL(fast[0]).openblas_get_corename
        name.restype = ctypes.c_char_p
        return 'OpenBLAS for ' + name().decode()
    except AttributeError:
        return os.path.basename(fast[0])


class Lstm(nn.Module):
    """nn.LSTM with its last output; one mask of the inputs for a sequence. Its second bias stays 0."""

    def __init__(self, features, units, rate):
        super().__init__()
        self.rate, self.lstm = rate, nn.LSTM(features, units, batch_first=True)
        nn.init.xavier_uniform_(self.lstm.weight_ih_l0)
        nn.init.orthogonal_(self.lstm.weight_hh_l0)
        nn.init.zeros_(self.lstm.bias_ih_l0)
        nn.init.ones_(self.lstm.bias_ih_l0.data[units:2 * units])
        nn.init.zeros_(self.lstm.bias_hh_l0)
        self.lstm.bias_hh_l0.requires_grad_(False)

    def forward(self, x):
        if self.training:
            x = x * nn.functional.dropout(torch.ones(x.shape[0], 1, x.shape[2]), self.rate)
        return self.lstm(x)[0][:, -1]


def network(workload):
    parts, shape = [], workload['input']
    for layer in workload['layers']:
        tag = layer['_tag']
        if tag == 'dense':
            parts.append(nn.Linear(shape[0], layer['units']))
            shape = [layer['units']]
        elif tag == 'conv2d':
            size = layer['kernelSize']
            parts.append(nn.Conv2d(shape[2], layer['filters'], size))
            shape = [shape[0] - size + 1, shape[1] - size + 1, layer['filters']]
        elif tag == 'maxPooling2d':
            parts.append(nn.MaxPool2d(layer['poolSize']))
            shape = [shape[0] // layer['poolSize'], shape[1] // layer['poolSize'], shape[2]]
        elif tag == 'flatten':
            parts.append(nn.Flatten())
            shape = [shape[0] * shape[1] * shape[2]]
        elif tag == 'lstm':
            parts.append(Lstm(shape[1], layer['units'], layer['dropout']))
            shape = [layer['units']]
        else:
            parts.append(nn.Dropout(layer['rate']))
        if tag in ('dense', 'conv2d'):
            nn.init.xavier_uniform_(parts[-1].weight)
            nn.init.zeros_(parts[-1].bias)
            parts += [nn.ReLU()] if layer['activation'] == 'relu' else []
    return nn.Sequential(*parts)


def optimizer(workload, net):
    o = workload['optimizer']
    trained = [p for p in net.parameters() if p.requires_grad]
    groups = [
        {'params': [p for p in trained if p.dim() > 1], 'weight_decay': 2 * workload['l2']},
        {'params': [p for p in trained if p.dim() == 1], 'weight_decay': 0.0},
    ]
    if o['_tag'] == 'sgd':
        return torch.optim.SGD(groups, lr=o['learningRate'], momentum=o['momentum'])
    return torch.optim.Adam(groups, lr=o['learningRate'], betas=(o['beta1'], o['beta2']), eps=o['epsilon'])


LOSSES = {
    'binaryCrossEntropy': (nn.BCEWithLogitsLoss, torch.sigmoid),
    'categoricalCrossEntropy': (nn.CrossEntropyLoss, lambda z: torch.softmax(z, 1)),
    'mse': (nn.MSELoss, lambda z: z),
}


class Peer:
    def __init__(self, workload, x, y):
        read = lambda path, *shape: torch.frombuffer(bytearray(open(path, 'rb').read()), dtype=torch.float32).view(-1, workload['batch'], *shape)
        self.x, self.y = list(read(x, *workload['input'])), list(read(y, workload['outputs']))
        if len(workload['input']) == 3:
            self.x = [b.permute(0, 3, 1, 2).contiguous() for b in self.x]
        self.net = network(workload)
        self.optimizer = optimizer(workload, self.net)
        loss, self.link = LOSSES[workload['loss']]
        self.loss = loss()
        self.targets = [y.argmax(1) for y in self.y] if workload['loss'] == 'categoricalCrossEntropy' else self.y
        self.step = 0
        parameters = sum(p.numel() for p in self.net.parameters() if p.requires_grad)
        if parameters != workload['parameters']:
            raise ValueError('%d parameters, not %d' % (parameters, workload['parameters']))
        recurrent = any(layer['_tag'] == 'lstm' for layer in workload['layers'])
        self.does = 'no recurrent dropout, which nn.LSTM lacks; else the same step' if recurrent else 'the same step'

    def train(self, steps):
        net, cycle = self.net.train(), len(self.x)
        for _ in range(steps):
            i = self.step % cycle
            self.step += 1
            self.optimizer.zero_grad(set_to_none=True)
            self.loss(net(self.x[i]), self.targets[i]).backward()
            self.optimizer.step()

    def predict(self, batch):
        with torch.no_grad():
            return self.link(self.net.eval()(self.x[batch])).flatten().tolist()


def main():
    torch.set_num_threads(json.loads(sys.argv[1])['threads'])
    torch.set_num_interop_threads(1)
    peer = None
    for line in sys.stdin:
        (name, given), = json.loads(line).items()
        try:
            if name == 'open':
                peer = Peer(given['workload'], given['x'], given['y'])
                answer = {'does': '%s (PyTorch %s, %s)' % (peer.does, torch.__version__, blas())}
            elif name == 'train':
                start = time.perf_counter()
                peer.train(given)
                answer = {'milliseconds': (time.perf_counter() - start) * 1000}
            else:
                answer = {'outputs': peer.predict(given)}
        except Exception as error:
            answer = {'error': str(error)}
        os.write(3, (json.dumps(answer) + '\n').encode())


main()
