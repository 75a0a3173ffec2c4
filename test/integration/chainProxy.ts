/** A socket between client and node that counts requests and can lose, swallow or spoil messages. */
import { type AddressInfo, createServer, type Server } from 'node:net'
import { WebSocket, WebSocketServer } from 'ws'

type Message = { readonly id?: number; readonly method?: string; readonly params?: unknown }

/** What happens to a request: pass it on, pass it on and cut the line, cut it before, never answer, or answer this. */
type Fate =
  | 'pass'
  | 'forward-then-cut'
  | 'cut'
  | 'ignore'
  | { readonly answer: string; readonly later?: Promise<string> }

export type ChainProxy = {
  readonly endpoint: string
  /** Methods in the order they came. */
  readonly requests: string[]
  /** Decides about each request; reset to let everything pass. */
  decide: (message: Message) => Fate
  /** Cuts every connection and refuses new ones until `open` is called. */
  shut(): void
  open(): void
  stop(): Promise<void>
}

/** Starts a proxy in front of a node. */
export async function startProxy(target: string): Promise<ChainProxy> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  await new Promise((resolve) => server.once('listening', resolve))
  const requests: string[] = []
  let closed = false
  const proxy: ChainProxy = {
    endpoint: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    decide: () => 'pass',
    shut() {
      closed = true
      for (const client of server.clients) client.terminate()
    },
    open() {
      closed = false
    },
    async stop() {
      for (const client of server.clients) client.terminate()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  server.on('connection', (client) => {
    if (closed) {
      client.terminate()
      return
    }
    const upstream = new WebSocket(target)
    const ready = new Promise((resolve) => upstream.once('open', resolve))
    upstream.on('message', (data) => client.send(data.toString()))
    upstream.on('error', () => client.terminate())
    client.on('close', () => upstream.terminate())
    client.on('message', async (data) => {
      await ready
      const message = JSON.parse(data.toString()) as Message
      requests.push(message.method ?? '')
      const fate = proxy.decide(message)
      if (fate === 'pass' || fate === 'forward-then-cut') upstream.send(data.toString())
      if (fate === 'forward-then-cut') {
        // The answer shows that the node has read it; nobody else hears of it.
        client.pause()
        upstream.removeAllListeners('message')
        upstream.on('message', (answer) => {
          if ((JSON.parse(answer.toString()) as Message).id === message.id) client.terminate()
        })
      }
      if (fate === 'cut') client.terminate()
      if (typeof fate === 'object') {
        client.send(fate.answer)
        void fate.later?.then((later) => client.send(later))
      }
    })
  })
  return proxy
}

/** A TCP server with a behaviour of its own. */
export async function startTcp(onConnection: (socket: import('node:net').Socket) => void) {
  const sockets = new Set<import('node:net').Socket>()
  const server: Server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    onConnection(socket)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    endpoint: `ws://127.0.0.1:${port}`,
    async stop() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
