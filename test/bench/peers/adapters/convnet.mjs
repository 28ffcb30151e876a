/** ConvNetJS: one example at a time, gradients added up over a batch. */
import convnetjs from 'convnetjs'

const kinds = {
  dense: ({ units, activation }) => ({ type: 'fc', num_neurons: units, activation }),
  conv2d: ({ filters, kernelSize, activation }) => ({ type: 'conv', sx: kernelSize, filters, stride: 1, pad: 0, activation }),
  maxPooling2d: ({ poolSize }) => ({ type: 'pool', sx: poolSize, stride: poolSize }),
  dropout: ({ rate }) => ({ type: 'dropout', drop_prob: rate })
}

export const open = (workload, batches) => {
  const { input, layers, outputs, loss, l2, batch, optimizer } = workload
  if (layers.some((l) => l._tag === 'lstm')) throw new Error('it has no recurrent layers')
  const [height, width, channels] = input.length === 1 ? [1, 1, input[0]] : input
  const features = height * width * channels
  const classes = Math.max(2, outputs)
  const net = new convnetjs.Net()
  // Volumes are as long as they are: nothing is flattened.
  const hidden = layers.slice(0, -1).filter((l) => l._tag !== 'flatten')
  net.makeLayers([
    { type: 'input', out_sx: width, out_sy: height, out_depth: channels },
    ...hidden.map((l) => kinds[l._tag](l)),
    { type: 'softmax', num_classes: classes }
  ])
  // Its l2_decay is ½λΣw² of the sum over the batch.
  const decay = { batch_size: batch, l2_decay: 2 * l2 * batch }
  const trainer = new convnetjs.Trainer(net, optimizer._tag === 'sgd'
    ? { method: 'sgd', learning_rate: optimizer.learningRate, momentum: optimizer.momentum, ...decay }
    : { method: 'adadelta', ...decay })
  const examples = batches.map(({ x, y }) => Array.from({ length: batch }, (_, r) => {
    const volume = new convnetjs.Vol(width, height, channels, 0)
    volume.w.set(x.subarray(r * features, (r + 1) * features))
    const row = y.subarray(r * outputs, (r + 1) * outputs)
    return { volume, label: outputs === 1 ? row[0] : row.indexOf(1) }
  }))
  const dropouts = net.layers.filter((layer) => layer.layer_type === 'dropout')
  let step = 0
  return {
    does: [
      'float64',
      ...(loss === 'binaryCrossEntropy' ? ['a softmax of two classes for the sigmoid'] : []),
      ...(optimizer._tag === 'adam' ? ['Adadelta, for it has no Adam'] : [])
    ].join(', '),
    train: (steps) => {
      for (let i = 0; i < steps; i++) for (const { volume, label } of examples[step++ % examples.length]) trainer.train(volume, label)
    },
    predict: (b) => {
      // In inference it multiplies by the rate of dropping where it should by that of keeping: it is asked with the other one.
      const flip = () => dropouts.forEach((layer) => { layer.drop_prob = 1 - layer.drop_prob })
      flip()
      const predicted = examples[b].flatMap(({ volume }) => {
        const { w } = net.forward(volume, false)
        return outputs === 1 ? [w[1]] : Array.from(w)
      })
      flip()
      return predicted
    }
  }
}
