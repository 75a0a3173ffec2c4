// @ts-nocheck: it runs where its own packages are, not here.
/** One thing a client does, reported as one JSON line on stdout. */
export async function step(name, work) {
  let ok = false
  let why
  try {
    ok = (await withTimeout(work())) === true
  } catch (error) {
    why = error instanceof Error ? `${error.name}: ${error.message}` : JSON.stringify(error)
  }
  console.log(JSON.stringify({ step: name, ok, ...(why === undefined ? {} : { why }) }))
}

const PATIENCE_MS = 30_000

function withTimeout(promise) {
  return Promise.race([
    promise,
    new Promise((_, reject) => {
      setTimeout(() => reject(new Error('it did not end in time')), PATIENCE_MS).unref()
    }),
  ])
}

/** Waits until something holds. */
export async function until(holds) {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 20))
}
