/** The names of the Python package: the same objects, with the environment's variables for what is not given. */
import { BittensorError } from '../core/errors.js'
import { passwordSource } from '../core/wallet/passwords.js'
import { Axon, type AxonOptions } from '../network/axon.js'
import { type AxonTarget, Dendrite, type DendriteOptions } from '../network/dendrite.js'
import { TextPromptingDendrite } from '../network/textPromptingDendrite.js'
import { type Config, config } from './config.js'
import { environment } from './environment.js'
import { Metagraph, type SyncOptions } from './metagraph/metagraph.js'
import type { ConnectOptions } from './openChain.js'
import { Subtensor } from './subtensor/subtensor.js'
import { Wallet, type WalletOptions } from './wallet.js'

/**
 * A wallet: what is given counts before `config`, that before the environment (`BT_WALLET_NAME`, `BT_WALLET_HOTKEY`,
 * `BT_WALLET_PATH`), that before the defaults. Passwords are found in the environment too (`BT_WALLET_PASSWORD`, …).
 * @throws {BittensorError} `USAGE` for an impossible name
 * @example
 * const wallet = await bt.wallet()
 * wallet.hotkey.address
 */
export async function wallet(
  options: WalletOptions & { readonly config?: Config } = {},
): Promise<Wallet> {
  const { config: given, password, ...rest } = options
  const settings = (given ?? (await config({ args: [] }))).wallet
  return new Wallet({
    name: rest.name ?? settings.name,
    hotkey: rest.hotkey ?? settings.hotkey,
    path: rest.path ?? settings.path,
    onWarning: rest.onWarning,
    password:
      typeof password === 'function' ? password : passwordSource({ password, env: environment() }),
  }).load()
}

/**
 * A connection: an endpoint counts before a network, both before `config`, that before the environment
 * (`BT_SUBTENSOR_CHAIN_ENDPOINT`, `BT_SUBTENSOR_NETWORK`); `finney` by default.
 * @throws {BittensorError} `USAGE`, `CONNECTION`, `TIMEOUT`
 * @example
 * const subtensor = await bt.subtensor({ network: 'test' })
 */
export async function subtensor(
  options: ConnectOptions & { readonly config?: Config } = {},
): Promise<Subtensor> {
  return Subtensor.connect(await connectionOf(options))
}

/**
 * A metagraph of a subnet, read at once unless `sync` is false. Without a subtensor it opens a connection for each sync, by
 * the rules of {@link subtensor}.
 * @throws {BittensorError} `SUBNET_NOT_FOUND`, `CONNECTION`, `TIMEOUT`
 * @example
 * const metagraph = await bt.metagraph({ netuid: 1 })
 * console.log(metagraph.S)
 */
export async function metagraph(
  options: SyncOptions &
    ConnectOptions & {
      readonly netuid?: number
      readonly sync?: boolean
      readonly config?: Config
    } = {},
): Promise<Metagraph> {
  const { netuid = 1, sync = true, block, lite, subtensor: open, signal, ...rest } = options
  const graph = new Metagraph({ netuid, connection: await connectionOf(rest) })
  return sync ? graph.sync({ block, lite, subtensor: open, signal }) : graph
}

async function connectionOf(
  options: ConnectOptions & { readonly config?: Config },
): Promise<ConnectOptions> {
  const { config: given, ...rest } = options
  if (rest.endpoint !== undefined || rest.network !== undefined || rest.provider) return rest
  return { ...rest, ...(given ?? (await config({ args: [] }))).subtensor }
}

/**
 * An endpoint for a wallet's hotkey. Port and addresses that are not given come from `config`, then from the environment
 * (`BT_AXON_PORT`, `BT_AXON_IP`, `BT_AXON_EXTERNAL_IP`, `BT_AXON_EXTERNAL_PORT`).
 * @example
 * const axon = await bt.axon({ wallet, externalIp: '203.0.113.9' })
 * await axon.start()
 */
export async function axon(options: AxonOptions & { readonly config?: Config }): Promise<Axon> {
  const { config: given, ...rest } = options
  const settings = given ?? (await config({ args: [] }))
  const text = (name: string) => settings.get(name)?.toString()
  const port = (name: string) => {
    const value = settings.get(name)
    return value === undefined ? undefined : Number(value)
  }
  return new Axon({
    ...rest,
    port: rest.port ?? port('axon.port'),
    host: rest.host ?? text('axon.ip'),
    externalIp: rest.externalIp ?? text('axon.external_ip'),
    externalPort: rest.externalPort ?? port('axon.external_port'),
  })
}

/**
 * Asks axons, signed by a wallet's hotkey or a key.
 * @example
 * const dendrite = bt.dendrite({ wallet })
 * const results = await dendrite.query(metagraph.axons, TextEcho, { prompt: 'hello' })
 */
export function dendrite(options: DendriteOptions): Dendrite {
  return new Dendrite(options)
}

/**
 * Talks to the text prompting of one axon, such as a row of a metagraph.
 * @throws {BittensorError} `USAGE` without an axon: the metagraph may have fewer rows
 * @example
 * const dendrite = bt.textPrompting({ signer: wallet.hotkey, axon: metagraph.axons[10] })
 * const { completion } = await dendrite.forward({ roles: ['user'], messages: ['what are you?'] })
 */
export function textPrompting(
  options: DendriteOptions & { readonly axon: AxonTarget | undefined; readonly uid?: number },
): TextPromptingDendrite {
  const { axon: target, ...rest } = options
  if (target) return new TextPromptingDendrite({ ...rest, axon: target })
  throw new BittensorError('USAGE', 'there is no axon to talk to', {
    hint: 'a metagraph has one for each uid, from 0 to n - 1',
  })
}
