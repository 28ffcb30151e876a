/** brain.js on the CPU: an update after each example, whatever the batch; one activation for all layers; squared error. */
import brain from 'brain.js'

/** What it has nothing for, or another thing. */
const reasons = {
  conv2d: 'it has no convolution that trains',
  lstm: 'its LSTMTimeStep learns to predict the next element at every time step, without dropout or Adam: another task'
}

export const open = (workload, batches) => {
  const { input: [features], layers, outputs, batch, optimizer } = workload
  const missing = layers.find((l) => l._tag in reasons)
  if (missing !== undefined) throw new Error(reasons[missing._tag])
  const dense = layers.filter((l) => l._tag === 'dense')
  const net = new brain.NeuralNetwork({
    inputSize: features, hiddenLayers: dense.slice(0, -1).map((l) => l.units), outputSize: outputs, activation: 'leaky-relu',
    learningRate: optimizer.learningRate,
    ...(optimizer._tag === 'sgd' ? { momentum: optimizer.momentum }
      : { praxis: 'adam', beta1: optimizer.beta1, beta2: optimizer.beta2, epsilon: optimizer.epsilon })
  })
  net.initialize()
  const examples = batches.map(({ x, y }) => Array.from({ length: batch }, (_, r) => ({
    input: x.slice(r * features, (r + 1) * features), output: y.slice(r * outputs, (r + 1) * outputs)
  })))
  let step = 0
  return {
    does: 'no dropout, no L2, leaky relu throughout, squared error, an update for each example',
    train: (steps) => {
      for (let i = 0; i < steps; i++) for (const example of examples[step++ % examples.length]) net.trainPattern(example)
    },
    predict: (b) => examples[b].flatMap(({ input }) => Array.from(net.runInput(input)))
  }
}
