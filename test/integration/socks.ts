/** A SOCKS5 server (RFC 1928, passwords by RFC 1929) that takes every connection to one node. */
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

export type SocksServer = {
  readonly port: number
  /** Where clients wanted to go, as they said it. */
  readonly asked: string[]
  stop(): Promise<void>
}

const [NONE, PASSWORD, REFUSED] = [0x00, 0x02, 0xff]
const [GRANTED, NOT_ALLOWED] = [0x00, 0x02]

/** @param user `name:password` that it asks for; anybody may otherwise @param allows whether it goes there */
export async function startSocks(
  target: string,
  options: { readonly user?: string; readonly allows?: (host: string) => boolean } = {},
): Promise<SocksServer> {
  const asked: string[] = []
  const sockets = new Set<Socket>()
  const server = createServer((client) => {
    sockets.add(client)
    client.on('error', () => undefined)
    serve(client).catch(() => client.destroy())
  })

  async function serve(client: Socket): Promise<void> {
    const read = reader(client)
    const [, methods = 0] = await read(2)
    const offered = await read(methods)
    const wanted = options.user === undefined ? NONE : PASSWORD
    client.write(Buffer.from([5, offered.includes(wanted) ? wanted : REFUSED]))
    if (wanted === PASSWORD && !(await knows(client, read))) return
    const [, , , kind] = await read(4)
    const host = await address(read, kind)
    const port = (await read(2)).readUInt16BE()
    asked.push(`${host}:${port}`)
    const allowed = options.allows?.(host) ?? true
    client.write(Buffer.from([5, allowed ? GRANTED : NOT_ALLOWED, 0, 1, 0, 0, 0, 0, 0, 0]))
    if (!allowed) {
      client.end()
      return
    }
    const { hostname, port: nodePort } = new URL(target)
    const upstream = connect(Number(nodePort), hostname)
    sockets.add(upstream)
    upstream.on('error', () => client.destroy())
    client.on('close', () => upstream.destroy())
    upstream.pipe(client).pipe(upstream)
  }

  async function knows(client: Socket, read: Read): Promise<boolean> {
    const [, nameLength = 0] = await read(2)
    const name = await read(nameLength)
    const password = await read((await read(1))[0] ?? 0)
    const right = `${name}:${password}` === options.user
    client.write(Buffer.from([1, right ? 0 : 1]))
    if (!right) client.end()
    return right
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    asked,
    async stop() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

type Read = (length: number) => Promise<Buffer>

/** Reads so many bytes, and no more: what follows belongs to the node. */
function reader(socket: Socket): Read {
  return async (length) => {
    if (length === 0) return Buffer.alloc(0)
    for (;;) {
      const bytes: Buffer | null = socket.read(length)
      if (bytes) return bytes
      await new Promise<void>((resolve, reject) => {
        socket.once('readable', resolve)
        socket.once('close', () => reject(new Error('closed')))
      })
    }
  }
}

async function address(read: Read, kind: number | undefined): Promise<string> {
  if (kind === 1) return [...(await read(4))].join('.')
  if (kind === 4) return (await read(16)).toString('hex')
  return (await read((await read(1))[0] ?? 0)).toString()
}
