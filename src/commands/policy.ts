/** `btcli policy`: spend limits that are checked before anything is signed. */
import type { Context } from '../cli/context.js'
import { defineCommand } from '../cli/define.js'
import { parseDestination, resolveDestination } from '../cli/destination.js'
import { journalOf, stateFolder } from '../cli/stateFiles.js'
import type { Block, View } from '../cli/table.js'
import { count } from '../cli/text.js'
import { writeFileAtomic } from '../core/atomicFile.js'
import { BittensorError } from '../core/errors.js'
import type { JournalContent } from '../core/journal.js'
import {
  loosenedRules,
  type Policy,
  type PolicyKey,
  parsePolicy,
  policyFields,
  policyPath,
  readPolicyText,
} from '../core/policy.js'
import { spentToday } from '../core/policyCheck.js'
import { changePolicyText, type PolicyChange } from '../core/policyEdit.js'
import { formatTao, parseTao } from '../core/units.js'

export const policy = defineCommand({
  name: 'policy',
  summary: 'Show or change the spend limits checked before signing.',
  usage: '[show | set RULE VALUE | unset RULE | check] [options]',
  options: {},
  positionals: [
    {
      name: 'action',
      description: 'show, set a rule, unset one, or check that the file is understood',
      choices: ['show', 'set', 'unset', 'check'],
    },
    { name: 'rule', description: policyFields.map(({ key }) => key).join(', ') },
    {
      name: 'value',
      description:
        'an amount, or a list with commas; for max_per_destination also ADDRESS=AMOUNT; `none` for an empty list',
    },
  ],
  examples: [
    'policy',
    'policy set max_per_day 50',
    'policy set allowed_netuids 1,3',
    'policy set max_per_destination @exchange=20',
    'policy unset max_fee',
  ],
  notes:
    'A policy can only forbid. What it cannot judge (an amount without bound, an unknown fee, a file that is not understood) it forbids as well. Loosening a rule asks at a terminal, whatever the options; tightening does not. A day is the last 24 hours.',

  async run(ctx, _, [action = 'show', rule, value]) {
    const path = await policyPath(stateFolder(ctx))
    if (action === 'set') return changed(ctx, path, await settingOf(ctx, rule, value))
    if (action === 'unset') return changed(ctx, path, await removalOf(ctx, rule, value))
    const text = await readPolicyText(path)
    const rules = text === undefined ? undefined : await parsePolicy(text, path)
    return { action, path, rules, spent: await spentByNetwork(ctx), change: undefined }
  },

  render: {
    table: (data, view) => (data.change ? changeText(data.change, view) : rulesTable(data, view)),
    json: ({ path, rules, spent, change }) => ({
      path,
      rules: rules ? jsonOf(rules) : null,
      spentToday: spent.map(({ network, spentRao }) => ({ network, spentRao })),
      change: change ? { rule: change.rule, before: change.before, after: change.after } : null,
    }),
  },
})

type Change = {
  readonly rule: PolicyKey
  readonly before: string | null
  readonly after: string | null
}
type Data = {
  readonly action: string
  readonly path: string
  readonly rules: Policy | undefined
  readonly spent: readonly Spent[]
  readonly change: Change | undefined
}

async function changed(ctx: Context, path: string, change: PolicyChange): Promise<Data> {
  const text = await readPolicyText(path)
  const before = text === undefined ? undefined : await parsePolicy(text, path)
  const next = await changePolicyText(text, path, change)
  const after = await parsePolicy(next, path)
  const { tao } = ctx.stdout.style.sign
  const shown = (rules: Policy | undefined) => (rules && ruleText(rules, change.key, tao)) ?? null
  const told = { rule: change.key, before: shown(before), after: shown(after) }
  if (change.value === undefined && told.before === told.after) {
    throw new BittensorError('USAGE', `${change.key} has no such limit`, {
      details: 'nothing was changed',
      hint: 'btcli policy shows the rules',
    })
  }
  if (loosenedRules(before, after).length > 0) await confirmLoosening(ctx, told)
  await writeFileAtomic(path, next)
  return { action: 'set', path, rules: after, spent: await spentByNetwork(ctx), change: told }
}

async function confirmLoosening(ctx: Context, { rule, before, after }: Change): Promise<void> {
  if (!ctx.settings.interactive) {
    throw new BittensorError(
      'POLICY',
      `this would loosen ${rule}, and nobody is there to be asked`,
      {
        details: 'nothing was changed',
        hint: 'run it at a terminal, without -y and without JSON',
      },
    )
  }
  const change = `${before ?? 'no limit'} ${ctx.stderr.style.sign.arrow} ${after ?? 'no limit'}`
  const message = `This loosens the policy: ${rule}: ${change.replaceAll('\n', ', ')}. Do it?`
  const sure = await ctx.prompt.confirm({ message })
  if (!sure) throw new BittensorError('DECLINED', 'nothing was changed')
}

function ruleOf(text: string | undefined): PolicyKey {
  const keys = policyFields.map(({ key }) => key)
  const wanted = text?.replaceAll('-', '_').toLowerCase()
  const found = keys.find((key) => key === wanted)
  if (found) return found
  const message = text === undefined ? 'the rule is missing' : `there is no rule \`${text}\``
  throw new BittensorError(text === undefined ? 'MISSING_INPUT' : 'USAGE', message, {
    hint: `rules are ${keys.join(', ')}`,
  })
}

async function settingOf(
  ctx: Context,
  rule: string | undefined,
  value: string | undefined,
): Promise<PolicyChange> {
  const key = ruleOf(rule)
  if (value === undefined) {
    const form = policyFields.find((field) => field.key === key)?.form
    throw new BittensorError('MISSING_INPUT', `the value of ${key} is missing`, {
      hint: `it is ${form}`,
    })
  }
  if (key === 'max_per_destination' && value.includes('=')) {
    const [name = '', amount = ''] = value.split('=', 2)
    const address = name === 'default' ? name : await addressOf(ctx, name)
    return { key, address, value: formatTao(parseTao(amount)) }
  }
  if (key.startsWith('max_')) return { key, value: formatTao(parseTao(value)) }
  const items = value === 'none' ? [] : value.split(',').map((item) => item.trim())
  // A slip here would forbid nothing.
  if (key === 'forbidden_commands') return { key, value: items.map(ctx.commandNamed) }
  if (key !== 'allowed_destinations') return { key, value: items }
  return { key, value: await Promise.all(items.map((item) => addressOf(ctx, item))) }
}

async function removalOf(
  ctx: Context,
  rule: string | undefined,
  name: string | undefined,
): Promise<PolicyChange> {
  const key = ruleOf(rule)
  if (name === undefined) return { key, value: undefined }
  if (key === 'max_per_destination') {
    const address = name === 'default' ? name : await addressOf(ctx, name)
    return { key, address, value: undefined }
  }
  throw new BittensorError('USAGE', `${key} is removed as a whole`, {
    hint: `btcli policy unset ${key}, or set it to a shorter list`,
  })
}

/** Names are written down as addresses: a later change of the address book does not change the policy. */
async function addressOf(ctx: Context, text: string): Promise<string> {
  return (await resolveDestination(ctx, parseDestination(text))).address
}

type Spent = { readonly network: string; readonly spentRao: bigint | null }

/** What left in the last 24 hours, by chain; null where that cannot be told. */
async function spentByNetwork(ctx: Context): Promise<readonly Spent[]> {
  const journal: JournalContent = await journalOf(ctx).read()
  const chains = new Map(journal.entries.map((entry) => [entry.genesisHash, entry.network]))
  const now = ctx.clock.now()
  return [...chains].flatMap(([genesisHash, network]) => {
    const spentRao = spentToday(genesisHash, { journal, now }) ?? null
    return spentRao === 0n ? [] : [{ network, spentRao }]
  })
}

function ruleText(rules: Policy, key: PolicyKey, sign = ''): string | undefined {
  const field = policyFields.find((one) => one.key === key)?.field
  const value = field && rules[field]
  if (value === undefined) return undefined
  if (typeof value === 'bigint') return `${sign}${formatTao(value)}`
  if (value instanceof Map) {
    return [...value].map(([address, limit]) => `${address}: ${sign}${formatTao(limit)}`).join('\n')
  }
  return value.size === 0 ? 'none' : [...(value as ReadonlySet<unknown>)].join('\n')
}

function rulesTable({ action, path, rules, spent }: Data, { style }: View): Block[] {
  if (!rules) {
    return [
      'There is no policy: nothing is limited.',
      'btcli policy set max_per_day 50 begins one.',
    ]
  }
  const rows = policyFields.flatMap(({ key, description }) => {
    const text = ruleText(rules, key, style.sign.tao)
    return text === undefined ? [] : [[key, text, description]]
  })
  const spentLines = spent.map(
    ({ network, spentRao }) =>
      `spent in the last 24 hours on ${network}: ${
        spentRao === null ? 'not known' : `${style.sign.tao}${formatTao(spentRao)}`
      }`,
  )
  const verdict = action === 'check' ? [`${style.sign.ok} The policy is understood: ${path}`] : []
  return [
    {
      columns: [{ title: 'RULE' }, { title: 'VALUE' }, { title: 'MEANING', optional: 1 }],
      rows,
      note: `${count(rows.length, 'rule')} ${style.sign.dot} ${path}`,
      empty: `The policy has no rules: ${path}`,
    },
    ...spentLines,
    ...verdict,
  ]
}

function changeText({ rule, before, after }: Change, { style }: View): string {
  const text = (value: string | null) => value?.replaceAll('\n', ', ') ?? 'no limit'
  return `${style.green(style.sign.ok)} ${rule}: ${text(before)} ${style.sign.arrow} ${text(after)}`
}

function jsonOf(rules: Policy) {
  const list = (items: ReadonlySet<string | number> | undefined) => (items ? [...items] : null)
  return {
    maxPerTransactionRao: rules.maxPerTransaction ?? null,
    maxPerDayRao: rules.maxPerDay ?? null,
    maxFeeRao: rules.maxFee ?? null,
    maxPerDestinationRao: rules.maxPerDestination
      ? Object.fromEntries(rules.maxPerDestination)
      : null,
    allowedDestinations: list(rules.allowedDestinations),
    allowedCalls: list(rules.allowedCalls),
    allowedNetuids: list(rules.allowedNetuids),
    allowedNetworks: list(rules.allowedNetworks),
    forbiddenCommands: list(rules.forbiddenCommands),
  }
}
