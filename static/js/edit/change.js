// An open change: what the server has acknowledged, and the one thing it has not yet. No map, no document: node tests it.
// Whatever alters the change is written down with its key before it is sent, and is only forgotten once it is answered.

/** The answer is not known: nothing came back, or the server asked for another try, or for a new sign-in. */
export function isLost(error) {
  if (error?.name !== 'Problem') return true
  return [401, 408, 429, 502, 503, 504].includes(error.status) || error.code === 'page-expired'
}

/** Somebody gave up a request that nobody has answered. */
export class GivenUp extends Error {
  constructor() {
    super('given up')
    this.name = 'GivenUp'
  }
}

/** Another request is still waiting for its answer. */
export class StillWaiting extends Error {
  constructor() {
    super('still waiting')
    this.name = 'StillWaiting'
  }
}

const FIRST_TRY_MS = 2_000
const LONGEST_TRY_MS = 30_000

/**
 * Keep a change. `ask(url, options)` talks to the server, `storage` remembers across reloads, `newKey()` makes an
 * Idempotency-Key, `later(fn, ms)` is a timer whose answer `never` takes back.
 */
export function changeKeeper({
  ask,
  storage,
  user,
  newKey = () => crypto.randomUUID(),
  later = (fn, ms) => setTimeout(fn, ms),
  never = (timer) => clearTimeout(timer),
}) {
  let change = null
  let pending = null
  let lost = null
  let sending = false
  let opening = null
  let wake = null
  let giveUp = null
  const listeners = new Set()

  const place = (id) => `gisapp:pending:${user}:${id}`
  const tell = () => {
    for (const listener of listeners) listener(state())
  }
  function state() {
    return { change, pending, lost, sending }
  }

  function keep() {
    try {
      if (pending) storage?.setItem(place(change.id), JSON.stringify(pending))
      else if (change) storage?.removeItem(place(change.id))
    } catch {
      // a full or forbidden storage: it is still kept as long as the page is open
    }
  }
  function kept(id) {
    try {
      return JSON.parse(storage?.getItem(place(id)) ?? 'null')
    } catch {
      return null
    }
  }

  /** Send what is pending until it is answered, or given up. */
  async function deliver() {
    const sent = pending
    let wait = FIRST_TRY_MS
    sending = true
    tell()
    try {
      for (;;) {
        try {
          const answer = await ask(sent.path, { method: 'POST', body: sent.body, headers: { 'Idempotency-Key': sent.key } })
          settle()
          return answer
        } catch (error) {
          if (!isLost(error)) {
            settle()
            throw error
          }
          lost = error
          tell()
          await nextTry(wait)
          wait = Math.min(wait * 2, LONGEST_TRY_MS)
        }
      }
    } finally {
      sending = false
      tell()
    }
  }

  function nextTry(ms) {
    return new Promise((resolve, reject) => {
      const timer = later(resolve, ms)
      wake = () => {
        never(timer)
        resolve()
      }
      giveUp = () => {
        never(timer)
        settle()
        reject(new GivenUp())
      }
    }).finally(() => {
      wake = giveUp = null
    })
  }

  function settle() {
    pending = lost = null
    keep()
  }

  async function post(action, body, about) {
    if (pending || sending) throw new StillWaiting()
    pending = { key: newKey(), path: `/api/v1/changes/${change.id}/${action}`, body, about }
    keep()
    return deliver()
  }

  async function refresh() {
    change = await ask(`/api/v1/changes/${change.id}`)
    tell()
    return change
  }

  /** Take the change as an answer tells it; a lost answer of a second request must not undo an acknowledged first. */
  async function refreshed() {
    try {
      await refresh()
    } catch (error) {
      if (!isLost(error)) throw error
    }
  }

  return {
    state,
    change: () => change,
    onChange: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    refresh,
    /** Try again now. */
    retry: () => wake?.(),
    /** Give up what has not been answered. */
    giveUp: () => giveUp?.(),

    /** Open a change; asked again with the same words it is the same change. */
    async open(asked) {
      const words = JSON.stringify(asked)
      if (opening?.words !== words) opening = { words, key: newKey() }
      change = await ask('/api/v1/changes', { method: 'POST', body: asked, headers: { 'Idempotency-Key': opening.key } })
      opening = null
      change.operations ??= []
      tell()
      return change
    },

    /** Take up a change of one's own; what was pending when the page closed is sent at once. */
    async resume(id) {
      change = await ask(`/api/v1/changes/${id}`)
      pending = kept(id)
      tell()
      return change
    },
    /** Send what an earlier page left unanswered; null when there is nothing. */
    async deliverKept() {
      if (!pending || sending) return null
      const { about } = pending
      const answer = await deliver()
      await refreshed()
      return { about, answer }
    },

    /** Work an operation out; nothing is kept anywhere. */
    preview: (operation, body, signal) =>
      ask(`/api/v1/changes/${change.id}/parcels/${operation}?preview=1`, { method: 'POST', body, signal }),

    /** Add an operation. Resolves only when the server has it. */
    async add(operation, body) {
      const answer = await post(`parcels/${operation}`, body, { what: 'add', operation })
      await refreshed()
      return answer
    },
    async undo() {
      const answer = await post('undo', {}, { what: 'undo' })
      await refreshed()
      return answer
    },
    async redo() {
      const answer = await post('redo', {}, { what: 'redo' })
      await refreshed()
      return answer
    },
    async commit() {
      const answer = await post('commit', {}, { what: 'commit' })
      await refreshed()
      return answer
    },
    async discard() {
      const answer = await post('discard', {}, { what: 'discard' })
      await refreshed()
      return answer
    },
    /** Leave the change as it is; it stays open on the server. */
    leave() {
      change = null
      pending = lost = null
      tell()
    },
  }
}

/** How many operations stand, and which can be taken back or brought back. */
export function standing(change) {
  const operations = change?.operations ?? []
  const done = operations.filter((each) => !each.taken_back)
  const open = change?.status === 'open'
  const committed = change?.status === 'committed'
  return {
    count: done.length,
    last: done.at(-1) ?? null,
    next: operations.find((each) => each.taken_back) ?? null,
    canUndo: open ? done.length > 0 : committed && !change.undone_by,
    canRedo: open ? operations.some((each) => each.taken_back) : committed && Boolean(change.undone_by),
    canCommit: open && done.length > 0,
  }
}
