/** `btcli axon_set`: announce on chain where a neuron can be reached. */
import { type AxonDone, axonJson, axonText } from '../cli/axonShow.js'
import { defineCommand, option } from '../cli/define.js'
import { askNetuidToSign } from '../cli/netuid.js'
import { netuid, oneOf, ownSigning, wholeNumber } from '../cli/options.js'
import { openHotkey, partyOptions } from '../cli/parties.js'
import { transact } from '../cli/transact.js'
import { parseIp } from '../core/chain/ip.js'
import { checkAddress } from '../core/chain/serveAxon.js'
import { BittensorError } from '../core/errors.js'
import { planAxon } from '../core/plans/axonPlan.js'

export const axonSet = defineCommand({
  name: 'axon_set',
  summary: 'Announce on chain where a neuron can be reached.',
  options: {
    netuid: { ...netuid, ask: askNetuidToSign },
    ...partyOptions,
    ip: option({
      flags: '--ip <address>',
      description: 'IPv4 or IPv6 address under which others reach it',
      parse: (text) => {
        checkAddress(text)
        return text
      },
      ask: { message: 'Enter the IP address' },
    }),
    port: option({
      flags: '--port <n>',
      description: 'its port',
      parse: (text) => wholeNumber(text, 1, 65_535),
      ask: { message: 'Enter the port', default: '8091' },
    }),
    ipType: option({
      flags: '--ip_type <4|6>',
      description: 'kind of the address, to check it; the address itself tells',
      parse: (text) => oneOf(text, ['4', '6']),
    }),
    protocol: option({
      flags: '--protocol <n>',
      description: 'number of the protocol (default: 4)',
      parse: (text) => wholeNumber(text, 0, 255),
      default: 4,
    }),
    version: option({
      flags: '--axon_version <n>',
      description: 'version number of the software that serves (default: 0)',
      parse: (text) => wholeNumber(text, 0, 4_294_967_295),
      default: 0,
    }),
    ...ownSigning,
  },
  examples: [
    'axon_set --netuid 3 -w alice -H miner1 --ip 203.0.113.9 --port 8091',
    'axon_set -n 3 -w alice -H miner1 --ip 2001:db8::1 --port 8091 --dry_run',
  ],
  notes:
    'The hotkey signs, no coldkey is needed. A running axon announces itself; this is for what serves otherwise.',

  async run(ctx, values): Promise<AxonDone> {
    const { opened, hotkey } = await openHotkey(ctx, values)
    const { ip, port, protocol, version } = values
    const kind = parseIp(ip)?.ipType
    if (kind !== undefined && values.ipType !== undefined && values.ipType !== `${kind}`) {
      throw new BittensorError('USAGE', `${ip} is an IPv${kind} address, not IPv${values.ipType}`)
    }
    const terms = { hotkey, netuid: values.netuid, endpoint: { ip, port, protocol, version } }
    const done = await transact(ctx, {
      title: 'Announce axon',
      wallet: opened,
      key: 'hotkey',
      values,
      plan: (planning) => planAxon(planning, terms),
    })
    return { ...done, ...terms, commandLine: ctx.commandLine() }
  },

  render: { table: (done, { style }) => axonText(done, style), json: (done) => axonJson(done) },
})
