/** `btcli list_subnets`: every subnet with its size, difficulty, emission and price of registration. */
import { alphaCell, millifiedCell, percentCell, taoCell } from '../cli/cells.js'
import { defineCommand } from '../cli/define.js'
import { millify } from '../cli/numbers.js'
import { block, watch } from '../cli/options.js'
import { rememberNetuids } from '../cli/seenNetuids.js'
import { type SortKeys, sortBy, sorted, sortOrder } from '../cli/sortBy.js'
import type { Cell, Column } from '../cli/table.js'
import { count } from '../cli/text.js'
import { type DynamicSubnet, readDynamicSubnets } from '../core/chain/dynamic.js'
import { priceRao, valueAt } from '../core/chain/prices.js'
import { readSubnets } from '../core/chain/subnets.js'
import type { SubnetInfo } from '../core/chain/types.js'
import { RAO_PER_TAO } from '../core/units.js'

export const listSubnets = defineCommand({
  name: 'list_subnets',
  summary: 'List all subnets on the network.',
  options: { sortBy, sortOrder, block, watch },
  examples: ['list_subnets', 'list_subnets --sort_by emission --sort_order desc'],
  notes:
    'EMISSION is the share of the TAO minted per block; BURN is the price of recycle_register. On a dTAO chain PRICE is that of one token, CAP that of all, those in the POOL and those STAKED; MECHS counts mechanisms.',

  async run(ctx, { sortBy, sortOrder }) {
    const view = await ctx.head()
    const subnets = await ctx.progress(`Reading subnets from ${view.network}`, async () => {
      const [infos, tokens] = await Promise.all([
        readSubnets(view),
        view.era === 'dtao' ? readDynamicSubnets(view) : [],
      ])
      const byNetuid = new Map(tokens.map((token) => [token.netuid, token]))
      return infos.map((info): Row => ({ ...info, token: byNetuid.get(info.netuid) }))
    })
    await rememberNetuids(
      ctx.paths.cache,
      subnets.map(({ netuid }) => netuid),
    )
    return {
      network: view.network,
      block: view.block.number,
      subnets: sorted(subnets, SORT_KEYS, sortBy, sortOrder),
    }
  },

  render: {
    table: ({ network, block, subnets }, { style }) => ({
      title: `Subnets - ${network}`,
      columns: columns(subnets, style.sign.tao),
      rows: subnets.map((subnet) => cells(subnet, hasTokens(subnets))),
      note: `${count(subnets.length, 'subnet')} ${style.sign.dot} block ${block}`,
      empty: 'There are no subnets on this chain.',
    }),
    json: ({ subnets }) => ({ subnets: subnets.map(toJson) }),
  },
})

const SORT_KEYS: SortKeys<Row> = {
  netuid: (subnet) => subnet.netuid,
  neurons: (subnet) => subnet.n,
  max_n: (subnet) => subnet.maxN,
  difficulty: (subnet) => subnet.difficulty,
  tempo: (subnet) => subnet.tempo,
  emission: emissionOf,
  burn: (subnet) => subnet.burn,
  immunity: (subnet) => subnet.immunityPeriod,
  owner: (subnet) => subnet.owner ?? '',
  name: (subnet) => subnet.token?.name ?? '',
  price: (subnet) => priceRao(subnet.token?.price),
  cap: (subnet) => marketCap(subnet) ?? 0n,
}

/** A subnet, since dTAO with its token and pool. */
type Row = SubnetInfo & { readonly token: DynamicSubnet | undefined }

/** RAO: all alpha there is, in the pool and outside, at the price now. */
function marketCap({ token }: Row): bigint | undefined {
  return token && valueAt(token.price, token.alphaIn + token.alphaOut)
}

/** RAO per block: since dTAO what goes into the pool. */
function emissionOf({ token, emission }: Row): bigint {
  return token?.emission ?? emission
}

function columns(subnets: readonly Row[], tao: string): Column[] {
  const sum = (of: (subnet: Row) => number) =>
    subnets.reduce((total, subnet) => total + of(subnet), 0)
  return [
    { title: 'NETUID', align: 'right', footer: 'total' },
    ...(hasTokens(subnets) ? tokenColumns(tao) : []),
    { title: 'NEURONS', align: 'right', footer: sum((subnet) => subnet.n) },
    { title: 'MAX_N', align: 'right', optional: 2, footer: millify(sum((subnet) => subnet.maxN)) },
    { title: 'DIFFICULTY', align: 'right' },
    { title: 'TEMPO', align: 'right', optional: 1 },
    { title: 'CON_REQ', optional: 3 },
    { title: 'EMISSION', align: 'right' },
    { title: `BURN(${tao})`, align: 'right' },
    { title: 'REG', optional: 4 },
    { title: 'IMMUNITY', align: 'right', optional: 5 },
    { title: 'OWNER', address: true, optional: 6 },
  ]
}

function hasTokens(subnets: readonly Row[]): boolean {
  return subnets.some(({ token }) => token !== undefined)
}

function tokenColumns(tao: string): Column[] {
  return [
    { title: 'NAME' },
    { title: `PRICE(${tao})`, align: 'right' },
    { title: `CAP(${tao})`, align: 'right', optional: 7 },
    { title: `POOL(${tao})`, align: 'right', optional: 8 },
    { title: 'POOL(alpha)', align: 'right', optional: 9 },
    { title: 'STAKED(alpha)', align: 'right', optional: 10 },
    { title: 'MECHS', align: 'right', optional: 11 },
  ]
}

function tokenCells(subnet: Row): Cell[] {
  const { token } = subnet
  if (!token) return ['', '', '', '', '', '', '']
  return [
    [token.symbol, token.name].filter(Boolean).join(' '),
    taoCell(priceRao(token.price), 6),
    taoCell(marketCap(subnet), 2),
    taoCell(token.taoIn, 2),
    alphaCell(token.alphaIn, 2),
    alphaCell(token.alphaOut, 2),
    subnet.mechanisms,
  ]
}

function cells(subnet: Row, withTokens: boolean): Cell[] {
  return [
    subnet.netuid,
    ...(withTokens ? tokenCells(subnet) : []),
    subnet.n,
    millifiedCell(subnet.maxN),
    millifiedCell(subnet.difficulty),
    subnet.tempo,
    requirements(subnet) || { text: 'None', exact: null },
    percentCell(emissionOf(subnet), RAO_PER_TAO),
    taoCell(subnet.burn, 5),
    registration(subnet),
    subnet.immunityPeriod,
    subnet.owner,
  ]
}

function requirements(subnet: SubnetInfo): string {
  return subnet.connect
    .map(([netuid, share]) => `${netuid}: ${((share / 65_535) * 100).toFixed(1)}%`)
    .join(', ')
}

/** Which ways of registering are open: `pow, burn`. */
function registration(subnet: SubnetInfo): string {
  const open = [
    subnet.powRegistrationAllowed === true ? 'pow' : '',
    subnet.registrationAllowed === true ? 'burn' : '',
  ].filter((way) => way !== '')
  if (open.length > 0) return open.join(', ')
  return subnet.registrationAllowed === undefined ? '' : 'closed'
}

function toJson(subnet: Row) {
  return {
    netuid: subnet.netuid,
    n: subnet.n,
    maxN: subnet.maxN,
    difficulty: `${subnet.difficulty}`,
    tempo: subnet.tempo,
    emissionRao: `${emissionOf(subnet)}`,
    emission: Number(emissionOf(subnet)) / Number(RAO_PER_TAO),
    burnRao: `${subnet.burn}`,
    owner: subnet.owner ?? null,
    name: subnet.token?.name || null,
    symbol: subnet.token?.symbol || null,
    priceRao: subnet.token ? priceRao(subnet.token.price) : null,
    marketCapRao: marketCap(subnet) ?? null,
    taoInRao: subnet.token?.taoIn ?? null,
    alphaInRao: subnet.token?.alphaIn ?? null,
    alphaOutRao: subnet.token?.alphaOut ?? null,
    mechanisms: subnet.mechanisms,
    registrationAllowed: subnet.registrationAllowed ?? null,
    powRegistrationAllowed: subnet.powRegistrationAllowed ?? null,
    immunityPeriod: subnet.immunityPeriod,
    maxAllowedValidators: subnet.maxAllowedValidators,
    minAllowedWeights: subnet.minAllowedWeights,
    maxWeightsLimit: subnet.maxWeightsLimit,
    blocksSinceLastStep: subnet.blocksSinceLastStep,
    modality: subnet.modality,
    connectionRequirements: subnet.connect.map(([netuid, share]) => ({
      netuid,
      requirement: share / 65_535,
    })),
  }
}
