/** TensorFlow.js on its wasm backend, by its operations: variables, `minimize` and its own optimizers, less work than its layers. */
import * as tf from '@tensorflow/tfjs'
import '@tensorflow/tfjs-backend-wasm'

const optimizerOf = (o) =>
  o._tag === 'sgd' ? tf.train.momentum(o.learningRate, o.momentum) : tf.train.adam(o.learningRate, o.beta1, o.beta2, o.epsilon)

const glorot = (shape, fanIn, fanOut) => {
  const limit = Math.sqrt(6 / (fanIn + fanOut))
  return tf.variable(tf.randomUniform(shape, -limit, limit))
}

/** Each kind of layer on examples of a shape: the shape that comes out, what it does, and the kernels that are penalised. */
const kinds = {
  dense: ({ units, activation }, [from]) => {
    const [kernel, bias] = [glorot([from, units], from, units), tf.variable(tf.zeros([units]))]
    const logits = (x) => tf.add(tf.matMul(x, kernel), bias)
    return { shape: [units], kernels: [kernel], apply: activation === 'relu' ? (x) => tf.relu(logits(x)) : logits }
  },
  conv2d: ({ filters, kernelSize: k }, [height, width, channels]) => {
    const kernel = glorot([k, k, channels, filters], k * k * channels, k * k * filters)
    const bias = tf.variable(tf.zeros([filters]))
    return { shape: [height - k + 1, width - k + 1, filters], apply: (x) => tf.relu(tf.add(tf.conv2d(x, kernel, 1, 'valid'), bias)) }
  },
  maxPooling2d: ({ poolSize: p }, [height, width, channels]) =>
    ({ shape: [Math.floor(height / p), Math.floor(width / p), channels], apply: (x) => tf.maxPool(x, p, p, 'valid') }),
  flatten: (_, shape) => {
    const size = shape.reduce((a, b) => a * b, 1)
    return { shape: [size], apply: (x) => tf.reshape(x, [-1, size]) }
  },
  dropout: ({ rate }, shape) => ({ shape, apply: (x, training) => (training ? tf.dropout(x, rate) : x) }),
  lstm: ({ units, dropout, recurrentDropout }, [time, features]) => {
    const [kernel, recurrent] = [glorot([features, 4 * units], features, 4 * units), glorot([units, 4 * units], units, 4 * units)]
    const bias = tf.variable(tf.concat([tf.zeros([units]), tf.ones([units]), tf.zeros([2 * units])]))
    return {
      shape: [units],
      apply: (x, training) => {
        const [batch] = x.shape
        const dropped = training ? tf.mul(x, tf.dropout(tf.ones([batch, 1, features]), dropout)) : x
        const mask = training ? tf.dropout(tf.ones([batch, units]), recurrentDropout) : undefined
        const inputs = tf.unstack(tf.reshape(tf.add(tf.matMul(tf.reshape(dropped, [-1, features]), kernel), bias), [batch, time, -1]), 1)
        let [h, c] = [tf.zeros([batch, units]), tf.zeros([batch, units])]
        for (const z of inputs) {
          const [i, f, g, o] = tf.split(tf.add(z, tf.matMul(mask === undefined ? h : tf.mul(h, mask), recurrent)), 4, 1)
          c = tf.add(tf.mul(tf.sigmoid(f), c), tf.mul(tf.sigmoid(i), tf.tanh(g)))
          h = tf.mul(tf.sigmoid(o), tf.tanh(c))
        }
        return h
      }
    }
  }
}

const losses = {
  binaryCrossEntropy: [tf.losses.sigmoidCrossEntropy, tf.sigmoid],
  categoricalCrossEntropy: [tf.losses.softmaxCrossEntropy, tf.softmax],
  mse: [tf.losses.meanSquaredError, (z) => z]
}

export const open = async (workload, batches) => {
  await tf.setBackend('wasm')
  await tf.ready()
  const { input, layers, outputs, l2, batch } = workload
  let shape = input
  const built = layers.map((layer) => {
    const made = kinds[layer._tag](layer, shape)
    shape = made.shape
    return made
  })
  const kernels = l2 === 0 ? [] : built.flatMap((layer) => layer.kernels ?? [])
  const cycle = batches.map(({ x, y }) => ({ x: tf.tensor(x, [batch, ...input]), y: tf.tensor(y, [batch, outputs]) }))
  const logits = (x, training) => built.reduce((h, { apply }) => apply(h, training), x)
  const [loss, link] = losses[workload.loss]
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
    predict: (b) => tf.tidy(() => link(logits(cycle[b].x, false)).dataSync())
  }
}
