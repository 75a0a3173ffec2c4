/** `btcli register`: register a hotkey on a subnet by proof of work. */
import type { Context } from '../cli/context.js'
import { defineCommand, option } from '../cli/define.js'
import { askSubnet } from '../cli/netuid.js'
import {
  dryRun,
  netuid,
  waitForFinalization,
  walletHotkey,
  walletName,
  wholeNumber,
} from '../cli/options.js'
import { unlocking } from '../cli/passwords.js'
import { solverOptions } from '../cli/powActions.js'
import { createSearchDisplay } from '../cli/powDisplay.js'
import { MOST_SECONDS, searching, showing } from '../cli/powOptions.js'
import { previewJson, showPreview } from '../cli/preview.js'
import { previewRegistration, refuseForbidden } from '../cli/registerPreview.js'
import { runRegisterRace } from '../cli/registerRace.js'
import { successText } from '../cli/results.js'
import { receiptJson } from '../cli/sendAll.js'
import { BittensorError } from '../core/errors.js'
import { signerOf } from '../core/plans/proofs.js'
import { checkRegistration, type Registrant } from '../core/plans/registerChecks.js'
import type { Registered } from '../core/plans/registration.js'
import { openWallet } from '../core/wallet/wallet.js'

export const register = defineCommand({
  name: 'register',
  summary: 'Register a wallet to a network.',
  streams: true,
  usage: '--netuid N [options]',
  options: {
    netuid: { ...netuid, ask: askSubnet },
    walletName,
    walletHotkey,
    ...searching,
    ...showing,
    maxAttempts: option({
      flags: '--max_attempts <n>',
      description: 'proofs to send before giving up (default: 3)',
      parse: (text) => wholeNumber(text, 1, 1_000_000),
      default: 3,
    }),
    timeout: option({
      flags: '--timeout, --pow_timeout <seconds>',
      description: 'give up after this time',
      parse: (text) => wholeNumber(text, 1, MOST_SECONDS),
    }),
    dryRun,
    waitForFinalization,
  },
  examples: [
    'register --netuid 1 --wallet.name alice --wallet.hotkey miner1',
    'register --netuid 1 -w alice -H miner1 -n 4 --nice 10 --timeout 600 -y',
  ],
  notes:
    'The hotkey signs (from spec 475 on the coldkey), and pays nothing on most runtimes; those of late 2025 take a fee from it, which the preview tells. A proof holds for two blocks, so the search moves to each new block by itself.',

  async run(ctx, values) {
    const wallet = openWallet(
      { root: ctx.paths.wallets, name: values.walletName, hotkey: values.walletHotkey },
      { onWarning: ctx.warn },
    )
    const [coldkey, hotkey] = await Promise.all([
      wallet.coldkeypubAddress(),
      wallet.hotkeyAddress(),
    ])
    const who: Registrant = { netuid: subnetOf(values.netuid), hotkey, coldkey }
    const client = await ctx.chain()
    const view = await ctx.head()
    const checked = await checkRegistration(client, view, who)
    if ('uid' in checked) return { kind: 'already' as const, who, uid: checked.uid }
    const rule = checked
    const { scheme } = rule
    const preview = await previewRegistration(ctx, { client, view, who, scheme, wallet })
    showPreview(ctx, preview)
    if (values.dryRun) {
      return { kind: 'dry run' as const, who, preview, commandLine: ctx.commandLine() }
    }
    refuseForbidden(preview)
    if (!(await ctx.prompt.confirm({ message: 'Continue Registration?' }))) {
      throw new BittensorError('DECLINED', 'declined, nothing was sent')
    }
    const key = signerOf(scheme)
    const signer = await unlocking(ctx, (passwords) =>
      key === 'coldkey' ? wallet.unlockColdkey(passwords) : wallet.unlockHotkey(passwords),
    )
    const limit = timeLimit(ctx, values.timeout)
    try {
      const done = await runRegisterRace(ctx, {
        client,
        who,
        rule,
        signer,
        feeRao: preview.fee,
        solver: await solverOptions(ctx, values),
        display: createSearchDisplay(ctx, {
          inPlace: !values.noOutputInPlace,
          roundTimes: values.roundTimes,
        }),
        waitForFinalization: values.waitForFinalization,
        maxAttempts: values.maxAttempts,
        // A person sees what happens and can stop it; a script gets an end.
        maxStale: ctx.settings.interactive ? undefined : values.maxAttempts,
        signal: limit.signal,
      })
      return { kind: 'registered' as const, who, done }
    } finally {
      limit.end()
    }
  },

  render: {
    table(outcome, { style }) {
      if (outcome.kind === 'dry run') {
        return `Dry run: nothing was solved or sent. To do it:\n  ${outcome.commandLine}`
      }
      const { who } = outcome
      if (outcome.kind === 'already') {
        const ok = style.green(style.sign.ok)
        return `${ok} Already Registered:\nuid: ${outcome.uid}\nnetuid: ${who.netuid}\nhotkey: ${who.hotkey}\ncoldkey: ${who.coldkey}\n`
      }
      const { uid, receipt } = outcome.done
      const headline = `Registered: uid ${uid} on subnet ${who.netuid}`
      if (!receipt) return `${style.green(style.sign.ok)} ${headline} (by somebody else's hand)\n`
      return successText({ headline, receipt, fee: receipt.fee, changes: [] }, style)
    },
    json(outcome) {
      const { netuid, hotkey, coldkey } = outcome.who
      const common = { netuid, hotkey, coldkey }
      if (outcome.kind === 'dry run') {
        const { preview, commandLine } = outcome
        return { dryRun: true, ...common, preview: previewJson(preview), commandLine }
      }
      if (outcome.kind === 'already') {
        return { registered: true, alreadyRegistered: true, uid: outcome.uid, ...common }
      }
      return { registered: true, ...common, ...doneJson(outcome.done) }
    },
  },
})

function doneJson(done: Registered) {
  const { uid, attempts, stale, hashes, seconds, receipt } = done
  const where = receipt
    ? receiptJson(receipt)
    : { extrinsicHash: null, blockHash: null, blockNumber: null }
  return { alreadyRegistered: !receipt, uid, attempts, stale, hashes, seconds, ...where }
}

function subnetOf(value: number | undefined): number {
  if (value !== undefined) return value
  throw new BittensorError('MISSING_INPUT', 'the subnet is missing', { hint: '--netuid N' })
}

/** Ctrl-C, or the end of the time that was given. */
function timeLimit(ctx: Context, seconds: number | undefined) {
  const controller = new AbortController()
  const abort = () =>
    controller.abort(new BittensorError('INTERRUPTED', 'cancelled, nothing was sent'))
  ctx.signal.addEventListener('abort', abort, { once: true })
  if (ctx.signal.aborted) abort()
  const late = () =>
    controller.abort(
      new BittensorError('TIMEOUT', `not registered within ${seconds} s`, {
        details: 'no proof was accepted in this time',
        hint: 'a longer --timeout, or more threads with -n',
      }),
    )
  const timer = seconds === undefined ? undefined : setTimeout(late, seconds * 1000)
  return {
    signal: controller.signal,
    end() {
      clearTimeout(timer)
      ctx.signal.removeEventListener('abort', abort)
    },
  }
}
