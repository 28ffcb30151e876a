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


def network(workload):
    drop = lambda rate: [nn.Dropout(rate)] if rate > 0 else []
    parts, width = drop(workload['inputDropout']), workload['features']
    for layer in workload['layers']:
        parts.append(nn.Linear(width, layer['units']))
        nn.init.xavier_uniform_(parts[-1].weight)
        nn.init.zeros_(parts[-1].bias)
        parts += ([nn.ReLU()] if layer['activation'] == 'relu' else []) + drop(layer['dropout'])
        width = layer['units']
    return nn.Sequential(*parts)


def optimizer(workload, net):
    o = workload['optimizer']
    groups = [
        {'params': [p for p in net.parameters() if p.dim() > 1], 'weight_decay': 2 * workload['l2']},
        {'params': [p for p in net.parameters() if p.dim() == 1], 'weight_decay': 0.0},
    ]
    if o['_tag'] == 'sgd':
        return torch.optim.SGD(groups, lr=o['learningRate'], momentum=o['momentum'])
    return torch.optim.Adam(groups, lr=o['learningRate'], betas=(o['beta1'], o['beta2']), eps=o['epsilon'])


class Peer:
    def __init__(self, workload, x, y):
        outputs = workload['layers'][-1]['units']
        read = lambda path, width: torch.frombuffer(bytearray(open(path, 'rb').read()), dtype=torch.float32).view(-1, workload['batch'], width)
        self.x, self.y, self.binary = list(read(x, workload['features'])), list(read(y, outputs)), outputs == 1
        self.net = network(workload)
        self.optimizer = optimizer(workload, self.net)
        self.loss = nn.BCEWithLogitsLoss() if self.binary else nn.CrossEntropyLoss()
        self.targets = self.y if self.binary else [y.argmax(1) for y in self.y]
        self.step = 0

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
            z = self.net.eval()(self.x[batch])
            return (torch.sigmoid(z) if self.binary else torch.softmax(z, 1)).flatten().tolist()


def main():
    torch.set_num_threads(json.loads(sys.argv[1])['threads'])
    torch.set_num_interop_threads(1)
    peer = None
    for line in sys.stdin:
        (name, given), = json.loads(line).items()
        try:
            if name == 'open':
                peer = Peer(given['workload'], given['x'], given['y'])
                answer = {'does': 'the same step (PyTorch %s, %s)' % (torch.__version__, blas())}
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
