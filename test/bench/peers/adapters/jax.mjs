/**
 * jax-js on its wasm device: the whole step, dropout and optimizer included, is one jitted function of arrays that stay in its memory.
 * Node 20 lacks the `navigator` that it looks at, so it is given one; Node lacks web workers, so for two threads it is given some.
 */
const { threads } = JSON.parse(process.argv[3])
if (threads > 1) await import('./webWorker.mjs')
Object.defineProperty(globalThis, 'navigator', { value: { userAgent: 'node', hardwareConcurrency: threads } })
const { blockUntilReady, defaultDevice, init, jit, lax, nn, numpy: np, random, tree, grad } = await import('@jax-js/jax')

/** Every use of an array but its last takes a reference. */
const kept = (x) => tree.ref(x)

const updates = {
  sgd: ({ learningRate, momentum }) => ({
    slots: (w) => [np.zeros(w.shape)],
    update: (w, g, [v]) => {
      const next = v.mul(momentum).sub(g.mul(learningRate))
      return [w.add(next.ref), [next]]
    }
  }),
  adam: ({ learningRate, beta1, beta2, epsilon }) => ({
    slots: (w) => [np.zeros(w.shape), np.zeros(w.shape), np.array(1), np.array(1)],
    update: (w, g, [m, v, p1, p2]) => {
      const [q1, q2] = [p1.mul(beta1), p2.mul(beta2)]
      const m1 = m.mul(beta1).add(g.ref.mul(1 - beta1))
      const v1 = v.mul(beta2).add(g.ref.mul(g).mul(1 - beta2))
      const rate = np.sqrt(np.array(1).sub(q2.ref)).div(np.array(1).sub(q1.ref)).mul(learningRate)
      return [w.sub(m1.ref.mul(rate).div(np.sqrt(v1.ref).add(epsilon))), [m1, v1, q1, q2]]
    }
  })
}

const glorot = (seed, shape, fanIn, fanOut) => {
  const limit = Math.sqrt(6 / (fanIn + fanOut))
  return random.uniform(random.key(seed), shape, { minval: -limit, maxval: limit })
}

/** x where a draw keeps it, scaled. */
const drop = (x, rate, key) => np.where(random.bernoulli(key, 1 - rate, x.shape), x.div(1 - rate), 0)

/**
 * Each kind of layer on examples of a shape, images with channels first: the shape that comes out, its first parameters, how many masks it
 * draws, and what it does with parameters, an input and, in training, keys.
 */
const kinds = {
  dense: ({ units, activation }, [from], seed) => ({
    shape: [units], params: [glorot(seed, [from, units], from, units), np.zeros([units])], penalised: 1,
    apply: ([w, b], x) => {
      const z = np.matmul(x, w).add(b)
      return activation === 'relu' ? nn.relu(z) : z
    }
  }),
  conv2d: ({ filters, kernelSize: k }, [channels, height, width], seed) => ({
    shape: [filters, height - k + 1, width - k + 1],
    params: [glorot(seed, [filters, channels, k, k], k * k * channels, k * k * filters), np.zeros([filters, 1, 1])],
    apply: ([w, b], x) => nn.relu(lax.conv(x, w, [1, 1], 'VALID').add(b))
  }),
  maxPooling2d: ({ poolSize: p }, [channels, height, width]) => ({
    shape: [channels, height / p, width / p],
    apply: (_, x) => np.max(x.reshape([-1, channels, height / p, p, width / p, p]), [3, 5])
  }),
  flatten: (_, shape) => {
    const size = shape.reduce((a, b) => a * b, 1)
    return { shape: [size], apply: (__, x) => x.reshape([-1, size]) }
  },
  dropout: ({ rate }, shape) => ({ shape, draws: 1, apply: (_, x, keys) => (keys === undefined ? x : drop(x, rate, keys[0])) }),
  lstm: ({ units, dropout, recurrentDropout }, [time, features], seed) => ({
    shape: [units], draws: 2,
    params: [
      glorot(seed, [features, 4 * units], features, 4 * units), glorot(seed + 100, [units, 4 * units], units, 4 * units),
      np.array([0, 1, 0, 0].flatMap((bias) => Array.from({ length: units }, () => bias)))
    ],
    apply: ([w, u, b], x, keys) => {
      const [batch] = x.shape
      const seen = keys === undefined ? x : x.mul(drop(np.ones([batch, 1, features]), dropout, keys[0]))
      const mask = keys === undefined ? undefined : drop(np.ones([batch, units]), recurrentDropout, keys[1])
      const inputs = np.matmul(seen.reshape([batch * time, features]), w).add(b).reshape([batch, time, 4 * units])
      let [h, c] = [np.zeros([batch, units]), np.zeros([batch, units])]
      for (let t = 0; t < time; t++) {
        const z = inputs.ref.slice([], t).add(np.matmul(mask === undefined ? h : h.mul(mask.ref), u.ref))
        const [i, f, g, o] = [0, 1, 2, 3].map((k) => z.ref.slice([], [k * units, (k + 1) * units]))
        z.dispose()
        c = nn.sigmoid(f).mul(c).add(nn.sigmoid(i).mul(np.tanh(g)))
        h = nn.sigmoid(o).mul(np.tanh(c.ref))
      }
      for (const done of [inputs, u, c, ...(mask === undefined ? [] : [mask])]) done.dispose()
      return h
    }
  })
}

const losses = {
  binaryCrossEntropy: [(z, y) => np.mean(nn.softplus(z.ref).sub(y.mul(z))), nn.sigmoid],
  categoricalCrossEntropy: [(z, y, batch) => np.sum(y.mul(nn.logSoftmax(z, -1))).mul(-1 / batch), (z) => nn.softmax(z, -1)],
  mse: [(z, y) => np.mean(np.square(z.sub(y))), (z) => z]
}

export const open = async (workload, batches) => {
  await init('wasm')
  defaultDevice('wasm')
  const { input, layers, outputs, l2, batch, optimizer } = workload
  const { slots, update } = updates[optimizer._tag](optimizer)
  // With one channel its place makes no difference.
  const first = input.length === 3 ? [input[2], input[0], input[1]] : input
  if (input.length === 3 && input[2] !== 1) throw new Error('images of one channel only')
  let shape = first
  let at = 0
  const built = layers.map((layer, i) => {
    const made = kinds[layer._tag](layer, shape, i)
    shape = made.shape
    const from = at
    at += made.params?.length ?? 0
    return { ...made, from, to: at, draws: made.draws ?? 0 }
  })
  const draws = built.reduce((n, l) => n + l.draws, 0)
  const [lossOf, link] = losses[workload.loss]

  const logits = (params, x, keys) => {
    const left = keys === undefined ? undefined : [...keys]
    return built.reduce((h, { apply, from, to, draws: n }) => apply(params.slice(from, to), h, left?.splice(0, n)), x)
  }
  const kernels = l2 === 0 ? [] : built.filter((l) => l.penalised).map((l) => l.from)
  const loss = (params, x, y, ...keys) => {
    const penalties = kernels.map((i) => params[i].ref.mul(params[i].ref).sum().mul(l2))
    return penalties.reduce((sum, p) => sum.add(p), lossOf(logits(params, x, keys), y, batch))
  }
  const step = jit((params, held, key, x, y) => {
    const keys = random.split(key, draws + 1)
    const [next, ...masks] = Array.from({ length: draws + 1 }, (_, i) => keys.ref.slice(i))
    keys.dispose()
    const slopes = grad(loss)(kept(params), x, y, ...masks)
    const moved = params.map((w, i) => update(w, slopes[i], held[i]))
    return [moved.map(([w]) => w), moved.map(([, s]) => s), next]
  })
  const predict = jit((params, x) => link(logits(params, x)))

  const params = built.flatMap((l) => l.params ?? [])
  let state = [params, params.map(slots), random.key(7)]
  const cycle = batches.map(({ x, y }) => ({ x: np.array(x).reshape([batch, ...first]), y: np.array(y).reshape([batch, outputs]) }))
  let seen = 0
  return {
    does: 'the same step, jitted',
    train: async (steps) => {
      for (let i = 0; i < steps; i++) {
        const { x, y } = cycle[seen++ % cycle.length]
        state = step(...state, x.ref, y.ref)
        await blockUntilReady(state)
      }
    },
    predict: (b) => predict(kept(state[0]), cycle[b].x.ref).data()
  }
}
