/** `btcli hyperparameter_set`: change a setting of a subnet. */
import type { Context } from '../cli/context.js'
import { type Ask, defineCommand, list, option, type SoFar } from '../cli/define.js'
import { problemOf } from '../cli/gather.js'
import { HYPERPARAMETERS, parseSetting, valueText } from '../cli/hyperparameterTexts.js'
import { listed } from '../cli/lists.js'
import { askNetuidToSign } from '../cli/netuid.js'
import { netuid, signing, walletName } from '../cli/options.js'
import { openColdkey } from '../cli/parties.js'
import { type SingleDone, singleJson, singleText } from '../cli/singleDone.js'
import { transact } from '../cli/transact.js'
import { readHyperparameters } from '../core/chain/subnets.js'
import type { Hyperparameters } from '../core/chain/types.js'
import { BittensorError } from '../core/errors.js'
import { freeChange } from '../core/plans/callPlan.js'
import {
  type HyperparameterPlan,
  planHyperparameter,
  setterOf,
  settingValues,
} from '../core/plans/hyperparameterPlan.js'
import type { Party } from '../core/plans/plan.js'

type Done = SingleDone<HyperparameterPlan> & {
  readonly wallet: Party
  readonly netuid: number
  readonly setting: string
}

export const hyperparameterSet = defineCommand({
  name: 'hyperparameter_set',
  summary: 'Change a setting of a subnet.',
  usage: '--netuid N --param NAME --value V [options]',
  options: {
    walletName,
    netuid: { ...netuid, ask: askNetuidToSign },
    param: option({
      flags: '--param, --parameter <name>',
      description: 'setting to change, as btcli hyperparameters names it',
      parse: (text) => text.replaceAll('-', '_').replace(/^sudo_set_/, ''),
      ask: askSetting,
    }),
    value: list({
      flags: '--value <v...>',
      description: 'new value: a number, yes or no, a share as 0.5 or 50%, an amount as 1.5τ',
    }),
    ...signing,
  },
  examples: [
    'hyperparameter_set -w owner --netuid 3 --param immunity_period --value 7200',
    'hyperparameter_set -w owner -n 3 --param min_burn --value 0.5τ --dry_run',
    'hyperparameter_set -w owner -n 3 --param alpha_values --value 0.7 0.9',
  ],
  notes:
    'The owner of the subnet signs; the sudo key of a chain may set all of them. btcli hyperparameters shows them and who may set which.',

  async run(ctx, values): Promise<Done> {
    const { opened, wallet } = await openColdkey(ctx, values)
    const setting = values.param
    const value = values.value.length > 0 ? values.value : await askValue()
    const terms = { wallet, netuid: values.netuid, setting, values: value }
    const done = await transact(ctx, {
      title: 'Change a setting',
      wallet: opened,
      key: 'coldkey',
      values,
      plan: (planning) =>
        planHyperparameter(planning, { ...terms, parse: parseSetting, describe: valueText }),
    })
    return { ...done, wallet, netuid: values.netuid, setting, commandLine: ctx.commandLine() }

    async function askValue(): Promise<readonly string[]> {
      if (!ctx.settings.interactive) {
        throw new BittensorError('MISSING_INPUT', '--value is missing', {
          data: { missing: ['--value'] },
        })
      }
      const view = await ctx.head()
      const { [setting]: now } = await readHyperparameters(view, values.netuid)
      const shown = now === undefined ? '' : `, now ${valueText(setting, now)}`
      const answer = await ctx.prompt.input({
        message: `Enter the new ${setting}${shown} (--value)`,
        problem: (text) =>
          problemOf(() =>
            settingValues(view, { setting, values: listed(text), parse: parseSetting }),
          ),
      })
      const value = listed(answer)
      ctx.noteAnswer('value', value)
      return value
    }
  },

  render: {
    table: (done, { style }) => {
      const { before, after } = changeOf(done)
      const change =
        before === undefined || after === undefined
          ? ''
          : `: ${valueText(done.setting, before)} ${style.sign.arrow} ${valueText(done.setting, after)}`
      return singleText(done, style, {
        headline: `Changed ${done.setting} of subnet ${done.netuid}${change}`,
        changes: (then, now) => [freeChange(done.wallet, then, now)],
      })
    },
    json: (done) => {
      const { before, after } = changeOf(done)
      return {
        netuid: done.netuid,
        parameter: done.setting,
        valueBefore: plain(before),
        valueAfter: plain(after),
        viaSudo: done.plan.viaSudo,
        ...singleJson(done),
      }
    },
  },
})

/** The settings of the subnet that somebody may change, with what they are. */
async function askSetting(ctx: Context, { netuid: subnet }: SoFar): Promise<Ask> {
  const view = await ctx.head()
  const now = Object.entries(await readHyperparameters(view, Number(subnet)))
    .map(([name, value]) => ({ name, value, setter: setterOf(view, name) }))
    .filter(({ value, setter }) => value !== undefined && setter !== 'nobody')
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
  const width = Math.max(0, ...now.map(({ name }) => name.length))
  return {
    message: 'Setting to change (--param; type to search)',
    choices: now.map(({ name, value, setter }) => {
      const about = HYPERPARAMETERS[name]?.about
      return {
        value: name,
        name: `${name.padEnd(width)}  ${valueText(name, value)}`,
        description: `${about === undefined ? '' : `${about}; `}set by ${setter}`,
      }
    }),
  }
}

type Value = Hyperparameters[string]

function changeOf({ results, setting }: Done): { readonly before: Value; readonly after: Value } {
  const result = results.at(-1)
  if (!result?.ok) return { before: undefined, after: undefined }
  return { before: result.before?.more[setting], after: result.after?.more[setting] }
}

function plain(value: Value): string | number | boolean | null {
  return typeof value === 'bigint' ? `${value}` : (value ?? null)
}
