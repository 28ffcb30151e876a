/** TensorFlow.js on its wasm backend, by its operations: variables, `minimize` and its own optimizers, less work than its layers. */
import * as tf from '@tensorflow/tfjs'
import '@tensorflow/tfjs-backend-wasm'

const optimizerOf = (o) =>
  o._tag === 'sgd' ? tf.train.momentum(o.learningRate, o.momentum) : tf.train.adam(o.learningRate, o.beta1, o.beta2, o.epsilon)

export const open = async (workload, batches) => {
  await tf.setBackend('wasm')
  await tf.ready()
  const { features, inputDropout, layers, l2, batch } = workload
  const outputs = layers.at(-1).units
  const kernels = layers.map(({ units }, i) => {
    const from = i === 0 ? features : layers[i - 1].units
    const limit = Math.sqrt(6 / (from + units))
    return tf.variable(tf.randomUniform([from, units], -limit, limit))
  })
  const biases = layers.map(({ units }) => tf.variable(tf.zeros([units])))
  const cycle = batches.map(({ x, y }) => ({ x: tf.tensor2d(x, [batch, features]), y: tf.tensor2d(y, [batch, outputs]) }))
  const drop = (x, rate, training) => (training && rate > 0 ? tf.dropout(x, rate) : x)
  const logits = (x, training) => layers.reduce((h, { activation, dropout }, i) => {
    const z = tf.add(tf.matMul(h, kernels[i]), biases[i])
    return activation === 'relu' ? drop(tf.relu(z), dropout, training) : z
  }, drop(x, inputDropout, training))
  const loss = outputs === 1 ? tf.losses.sigmoidCrossEntropy : tf.losses.softmaxCrossEntropy
  const optimizer = optimizerOf(workload.optimizer)
  let step = 0
  return {
    does: 'the same step',
    train: (steps) => {
      for (let i = 0; i < steps; i++) {
        const { x, y } = cycle[step++ % cycle.length]
        optimizer.minimize(() => kernels.reduce((sum, k) => tf.add(sum, tf.mul(l2, tf.sum(tf.square(k)))), loss(y, logits(x, true))))
      }
    },
    predict: (b) => tf.tidy(() => {
      const z = logits(cycle[b].x, false)
      return (outputs === 1 ? tf.sigmoid(z) : tf.softmax(z)).dataSync()
    })
  }
}
