/** `btcli multisig_list`: calls of an account of several signatories that wait for approvals. */
import { taoCell } from '../cli/cells.js'
import { defineCommand, option } from '../cli/define.js'
import { parseDestination, resolveDestination } from '../cli/destination.js'
import { completeLists } from '../cli/lists.js'
import { maybeThreshold, signatories, signatoriesOf } from '../cli/multisigCommand.js'
import { block } from '../cli/options.js'
import { count } from '../cli/text.js'
import { multisigAddress, readPendingCalls } from '../core/chain/multisigs.js'
import { BittensorError } from '../core/errors.js'

export const multisigList = defineCommand({
  name: 'multisig_list',
  summary: 'List what waits for approvals of signatories.',
  usage: '--account ADDRESS | --threshold N --signatories ACCOUNT… [options]',
  options: {
    account: option({
      flags: '--account, --multisig, --ss58_address <account>',
      description: 'address of the multisig: ss58, 0x public key or a name of the address book',
      parse: parseDestination,
      address: 'party',
    }),
    threshold: maybeThreshold,
    signatories,
    block,
  },
  examples: [
    'multisig_list --account @treasury',
    'multisig list --threshold 2 --signatories wallet:alice wallet:bob 5Carol… --json',
  ],
  notes:
    'The chain keeps the hash of a call, not the call: ask whoever approved it first. multisig_approve tells the hash of a call that you give it.',

  async run(ctx, values) {
    const address = await addressOf()
    const calls = await readPendingCalls(await ctx.head(), address)
    return { multisig: address, threshold: values.threshold, calls }

    async function addressOf() {
      if (values.account) return (await resolveDestination(ctx, values.account)).address
      if (values.threshold === undefined) {
        throw new BittensorError('MISSING_INPUT', '--account is missing', {
          hint: 'name the multisig with --account, or with --threshold and all --signatories',
          data: { missing: ['--account'] },
        })
      }
      const { signatories: given } = await completeLists(
        ctx,
        { signatories: { given: values.signatories, parse: parseDestination } },
        'name everybody who may sign',
      )
      const parties = await signatoriesOf(ctx, given, undefined)
      return multisigAddress(
        parties.map((party) => party.address),
        values.threshold,
      )
    }
  },

  render: {
    table: ({ multisig, threshold: needed, calls }) => ({
      columns: [
        { title: 'CALL HASH' },
        { title: 'APPROVALS', align: 'right' },
        { title: 'SINCE BLOCK', align: 'right' },
        { title: 'DEPOSIT (τ)', align: 'right' },
        { title: 'FIRST APPROVED BY', address: true },
      ],
      rows: calls.map((call) => [
        call.callHash,
        needed === undefined ? call.approvals.length : `${call.approvals.length} of ${needed}`,
        call.when.height,
        taoCell(call.deposit, 9),
        call.depositor,
      ]),
      note: `${count(calls.length, 'call')} of ${multisig}`,
      empty: `Nothing waits for approvals of ${multisig}.`,
    }),
    json: ({ multisig, threshold: needed, calls }) => ({
      multisig,
      threshold: needed ?? null,
      calls: calls.map(({ callHash, when, deposit, depositor, approvals }) => ({
        callHash,
        sinceBlock: when.height,
        extrinsicIndex: when.index,
        depositRao: deposit,
        depositor,
        approvals,
      })),
    }),
  },
})
