/**
 * jax-js on its wasm device: the whole step, dropout and optimizer included, is one jitted function of arrays that stay in its memory.
 * Node 20 lacks the `navigator` that it looks at, so it is given one; Node lacks web workers, so for two threads it is given some.
 */
const { threads } = JSON.parse(process.argv[3])
if (threads > 1) await import('./webWorker.mjs')
Object.defineProperty(globalThis, 'navigator', { value: { userAgent: 'node', hardwareConcurrency: threads } })
const { blockUntilReady, defaultDevice, init, jit, nn, numpy: np, random, tree, grad } = await import('@jax-js/jax')

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

export const open = async (workload, batches) => {
  await init('wasm')
  defaultDevice('wasm')
  const { features, inputDropout, layers, l2, batch, optimizer } = workload
  const outputs = layers.at(-1).units
  const rates = [inputDropout, ...layers.map((l) => l.dropout)]
  const { slots, update } = updates[optimizer._tag](optimizer)

  const logits = (params, x, keys) => layers.reduce((h, { activation }, i) => {
    const z = np.matmul(h, params[2 * i]).add(params[2 * i + 1])
    return drop(activation === 'relu' ? nn.relu(z) : z, rates[i + 1], keys?.[i + 1])
  }, drop(x, rates[0], keys?.[0]))
  const drop = (h, rate, key) => {
    if (key === undefined || rate === 0) return h
    const keep = random.bernoulli(key, 1 - rate, h.shape)
    return np.where(keep, h.div(1 - rate), 0)
  }
  const loss = (params, x, y, ...keys) => {
    const used = rates.map((rate) => (rate > 0 ? keys.shift() : undefined))
    const penalty = params.filter((_, i) => i % 2 === 0).map((w) => w.ref.mul(w.ref).sum()).reduce((a, b) => a.add(b)).mul(l2)
    const z = logits(params, x, used)
    const data = outputs === 1 ? np.mean(nn.softplus(z.ref).sub(y.mul(z))) : np.sum(y.mul(nn.logSoftmax(z, -1))).mul(-1 / batch)
    return data.add(penalty)
  }
  const draws = rates.filter((rate) => rate > 0).length
  const step = jit((params, held, key, x, y) => {
    const keys = random.split(key, draws + 1)
    const [next, ...masks] = Array.from({ length: draws + 1 }, (_, i) => keys.ref.slice(i))
    keys.dispose()
    const slopes = grad(loss)(kept(params), x, y, ...masks)
    const moved = params.map((w, i) => update(w, slopes[i], held[i]))
    return [moved.map(([w]) => w), moved.map(([, s]) => s), next]
  })
  const predict = jit((params, x) => {
    const z = logits(params, x)
    return outputs === 1 ? nn.sigmoid(z) : nn.softmax(z, -1)
  })

  let state = [
    layers.flatMap(({ units }, i) => {
      const from = i === 0 ? features : layers[i - 1].units
      const limit = Math.sqrt(6 / (from + units))
      return [random.uniform(random.key(i), [from, units], { minval: -limit, maxval: limit }), np.zeros([units])]
    })
  ]
  state = [state[0], state[0].map(slots), random.key(7)]
  const cycle = batches.map(({ x, y }) => ({ x: np.array(x).reshape([batch, features]), y: np.array(y).reshape([batch, outputs]) }))
  let at = 0
  return {
    does: 'the same step, jitted',
    train: async (steps) => {
      for (let i = 0; i < steps; i++) {
        const { x, y } = cycle[at++ % cycle.length]
        state = step(...state, x.ref, y.ref)
        await blockUntilReady(state)
      }
    },
    predict: (b) => predict(kept(state[0]), cycle[b].x.ref).data()
  }
}
