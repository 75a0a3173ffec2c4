/** A JSON-RPC client on a WebSocket that shows every message in order. */
import { WebSocket } from 'ws'

export type Message = {
  id?: unknown
  result?: unknown
  error?: { code: number; message: string; data?: string }
  method?: string
  params?: { subscription: string; result: unknown }
}

export type Client = {
  readonly socket: WebSocket
  /** The next message of any kind. */
  next(): Promise<Message>
  send(text: string): void
  /** Sends a request and gives its result, or throws its error; other messages are kept for `next`. */
  ask<T = unknown>(method: string, params?: readonly unknown[]): Promise<T>
  /** The next message of a subscription. */
  event<T = Record<string, unknown>>(): Promise<T>
  /** Messages of subscriptions until one of that event, which comes last. */
  until(event: string): Promise<Record<string, unknown>[]>
}

export async function openSocket(endpoint: string, options = {}): Promise<Client> {
  const socket = new WebSocket(endpoint, options)
  const messages: Message[] = []
  const answers = new Map<unknown, (message: Message) => void>()
  const waiting: (() => void)[] = []
  let last = 0
  socket.on('message', (data) => {
    const message = JSON.parse(String(data)) as Message
    const answer = answers.get(message.id)
    if (answer) {
      answers.delete(message.id)
      answer(message)
      return
    }
    messages.push(message)
    for (const wake of waiting.splice(0)) wake()
  })
  await new Promise((resolve, reject) => {
    socket.once('open', resolve)
    socket.once('error', reject)
  })
  const next = async () => {
    while (messages.length === 0) await new Promise<void>((resolve) => waiting.push(resolve))
    return messages.shift()!
  }
  const event = async <T>() => (await next()).params?.result as T
  return {
    socket,
    next,
    send: (text) => socket.send(text),
    async ask<T>(method: string, params: readonly unknown[] = []) {
      const id = `ask ${++last}`
      const answered = new Promise<Message>((resolve) => answers.set(id, resolve))
      socket.send(JSON.stringify({ jsonrpc: '2.0', id, method, params }))
      const { error, result } = await answered
      if (error) throw Object.assign(new Error(error.message), error)
      return result as T
    },
    event,
    async until(name) {
      const events: Record<string, unknown>[] = []
      for (;;) {
        const one = await event<Record<string, unknown>>()
        events.push(one)
        if (one['event'] === name) return events
      }
    },
  }
}
