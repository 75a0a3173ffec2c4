/** Names, one-line texts and lazy loaders of all commands: all that the root help needs. */
import type { AnyCommand } from './define.js'

/** `commands`: those of bittensor 5.3.1's README, in its order. `tools`: everything later. */
export type Group = 'commands' | 'tools'

/** One line of the help and the way to the module behind it. */
export type Entry = {
  readonly name: string
  readonly summary: string
  readonly group: Group
  readonly load: () => Promise<AnyCommand>
}

type Load = Entry['load']

// In the order of the README; a command's file is named as the command.
const commands: readonly (readonly [name: string, summary: string, load: Load])[] = [
  ['help', 'Displays the help.', async () => (await import('../commands/help.js')).help],
  ['list', 'List wallets.', async () => (await import('../commands/list.js')).list],
  [
    'stake',
    'Stake to your hotkey accounts.',
    async () => (await import('../commands/stake.js')).stake,
  ],
  [
    'update',
    'Updates your bittensor installation.',
    async () => (await import('../commands/update.js')).update,
  ],
  [
    'inspect',
    'Inspect a wallet cold, hot pair',
    async () => (await import('../commands/inspect.js')).inspect,
  ],
  [
    'weights',
    'Show the weights from chain.',
    async () => (await import('../commands/weights.js')).weights,
  ],
  [
    'unstake',
    'Unstake from hotkey accounts.',
    async () => (await import('../commands/unstake.js')).unstake,
  ],
  [
    'overview',
    'Show registered account overview.',
    async () => (await import('../commands/overview.js')).overview,
  ],
  [
    'register',
    'Register a wallet to a network.',
    async () => (await import('../commands/register.js')).register,
  ],
  [
    'transfer',
    'Transfer Tao between accounts.',
    async () => (await import('../commands/transfer.js')).transfer,
  ],
  [
    'nominate',
    'Become a delegate on the network',
    async () => (await import('../commands/nominate.js')).nominate,
  ],
  [
    'new_hotkey',
    'Creates a new hotkey for running a miner under the specified path.',
    async () => (await import('../commands/new_hotkey.js')).newHotkey,
  ],
  [
    'metagraph',
    'Show the network graph.',
    async () => (await import('../commands/metagraph.js')).metagraph,
  ],
  [
    'new_coldkey',
    'Creates a new coldkey for containing balance under the specified path.',
    async () => (await import('../commands/new_coldkey.js')).newColdkey,
  ],
  [
    'my_delegates',
    'Show all delegates where I am delegating a positive amount of stake.',
    async () => (await import('../commands/my_delegates.js')).myDelegates,
  ],
  [
    'list_subnets',
    'List all subnets on the network.',
    async () => (await import('../commands/list_subnets.js')).listSubnets,
  ],
  [
    'regen_hotkey',
    'Regenerates a hotkey from a passed mnemonic.',
    async () => (await import('../commands/regen_hotkey.js')).regenHotkey,
  ],
  [
    'regen_coldkey',
    'Regenerates a coldkey from a passed value.',
    async () => (await import('../commands/regen_coldkey.js')).regenColdkey,
  ],
  [
    'delegate',
    'Delegate Stake to an account.',
    async () => (await import('../commands/delegate.js')).delegate,
  ],
  [
    'undelegate',
    'Undelegate Stake from an account.',
    async () => (await import('../commands/undelegate.js')).undelegate,
  ],
  [
    'list_delegates',
    'List all delegates on the network.',
    async () => (await import('../commands/list_delegates.js')).listDelegates,
  ],
  [
    'regen_coldkeypub',
    'Regenerates a public coldkey from the public part of the coldkey.',
    async () => (await import('../commands/regen_coldkeypub.js')).regenColdkeypub,
  ],
  [
    'recycle_register',
    'Register a wallet to a network.',
    async () => (await import('../commands/recycle_register.js')).recycleRegister,
  ],
  [
    'senate',
    'View senate and its members',
    async () => (await import('../commands/senate.js')).senate,
  ],
  [
    'proposals',
    'View active triumvirate proposals and their status',
    async () => (await import('../commands/proposals.js')).proposals,
  ],
  [
    'proposal_votes',
    "View an active proposal's votes by address.",
    async () => (await import('../commands/proposal_votes.js')).proposalVotes,
  ],
  [
    'senate_register',
    'Register as a senate member to participate in proposals',
    async () => (await import('../commands/senate_register.js')).senateRegister,
  ],
  [
    'senate_leave',
    'Discard senate membership in the governance protocol',
    async () => (await import('../commands/senate_leave.js')).senateLeave,
  ],
  [
    'senate_vote',
    'Vote on an active proposal by hash.',
    async () => (await import('../commands/senate_vote.js')).senateVote,
  ],
]

const tools: typeof commands = [
  [
    'wallet_create',
    'Create a wallet: a coldkey, if it has none, and a hotkey.',
    async () => (await import('../commands/wallet_create.js')).walletCreate,
  ],
  [
    'sign',
    'Sign a message with the coldkey or hotkey of a wallet.',
    async () => (await import('../commands/sign.js')).sign,
  ],
  [
    'verify',
    'Check the signature of a message.',
    async () => (await import('../commands/verify.js')).verify,
  ],
  [
    'prompt',
    'Ask the network a question through an endpoint.',
    async () => (await import('../commands/prompt.js')).prompt,
  ],
  [
    'balance',
    'Show free and staked τ of wallets or addresses.',
    async () => (await import('../commands/balance.js')).balance,
  ],
  [
    'stake_list',
    'List the stake of wallets by hotkey and subnet.',
    async () => (await import('../commands/stake_list.js')).stakeList,
  ],
  [
    'stake_move',
    'Move stake to another hotkey.',
    async () => (await import('../commands/stake_move.js')).stakeMove,
  ],
  [
    'stake_swap',
    'Swap stake of one subnet into another.',
    async () => (await import('../commands/stake_swap.js')).stakeSwap,
  ],
  [
    'stake_transfer',
    'Give stake to another coldkey.',
    async () => (await import('../commands/stake_transfer.js')).stakeTransfer,
  ],
  [
    'unstake_all',
    'Take all stake back from a hotkey, in every subnet.',
    async () => (await import('../commands/unstake_all.js')).unstakeAll,
  ],
  [
    'children_get',
    'Show children, parents and child take of a hotkey.',
    async () => (await import('../commands/children_get.js')).childrenGet,
  ],
  [
    'children_set',
    'Let other hotkeys work with the stake of a hotkey.',
    async () => (await import('../commands/children_set.js')).childrenSet,
  ],
  [
    'children_revoke',
    'Take the stake of a hotkey back from its children.',
    async () => (await import('../commands/children_revoke.js')).childrenRevoke,
  ],
  [
    'children_take',
    'Show or change what a hotkey keeps as a child.',
    async () => (await import('../commands/children_take.js')).childrenTake,
  ],
  [
    'get_take',
    'Show what a hotkey keeps of what stake on it earns.',
    async () => (await import('../commands/get_take.js')).getTake,
  ],
  [
    'set_take',
    'Change what a hotkey keeps of what stake on it earns.',
    async () => (await import('../commands/set_take.js')).setTake,
  ],
  [
    'claim_get',
    'Show root dividends that can be claimed.',
    async () => (await import('../commands/claim_get.js')).claimGet,
  ],
  [
    'claim_set',
    'Decide what becomes of root dividends.',
    async () => (await import('../commands/claim_set.js')).claimSet,
  ],
  [
    'claim_process',
    'Claim root dividends now.',
    async () => (await import('../commands/claim_process.js')).claimProcess,
  ],
  [
    'auto_stake_get',
    'Show to which hotkeys mining rewards are staked.',
    async () => (await import('../commands/auto_stake_get.js')).autoStakeGet,
  ],
  [
    'auto_stake_set',
    'Stake mining rewards of a subnet to a hotkey.',
    async () => (await import('../commands/auto_stake_set.js')).autoStakeSet,
  ],
  [
    'associate_hotkey',
    'Tell the chain that a hotkey belongs to a coldkey.',
    async () => (await import('../commands/associate_hotkey.js')).associateHotkey,
  ],
  [
    'subnet_show',
    'Show a subnet: token, pool and the stake of its neurons.',
    async () => (await import('../commands/subnet_show.js')).subnetShow,
  ],
  [
    'subnet_price',
    'Show prices of subnet tokens over time.',
    async () => (await import('../commands/subnet_price.js')).subnetPrice,
  ],
  [
    'subnet_create',
    'Create a subnet.',
    async () => (await import('../commands/subnet_create.js')).subnetCreate,
  ],
  [
    'subnet_cost',
    'Show what creating a subnet costs now.',
    async () => (await import('../commands/subnet_cost.js')).subnetCost,
  ],
  [
    'subnet_start',
    'Start a subnet, or show whether it can be.',
    async () => (await import('../commands/subnet_start.js')).subnetStart,
  ],
  [
    'subnet_identity_get',
    'Show what the owner of a subnet says of it.',
    async () => (await import('../commands/subnet_identity_get.js')).subnetIdentityGet,
  ],
  [
    'subnet_identity_set',
    'Say on chain what a subnet is.',
    async () => (await import('../commands/subnet_identity_set.js')).subnetIdentitySet,
  ],
  [
    'identity_get',
    'Show what a coldkey says of itself on chain.',
    async () => (await import('../commands/identity_get.js')).identityGet,
  ],
  [
    'identity_set',
    'Say on chain who owns a coldkey.',
    async () => (await import('../commands/identity_set.js')).identitySet,
  ],
  [
    'root_list',
    'List the members of the root network.',
    async () => (await import('../commands/root_list.js')).rootList,
  ],
  [
    'root_weights',
    'Show the weights that root members give to subnets.',
    async () => (await import('../commands/root_weights.js')).rootWeights,
  ],
  [
    'root_register',
    'Register a hotkey on the root network.',
    async () => (await import('../commands/root_register.js')).rootRegister,
  ],
  [
    'set_weights',
    'Set the weights of a neuron.',
    async () => (await import('../commands/set_weights.js')).setWeights,
  ],
  [
    'weights_commit',
    'Commit weights without showing them yet.',
    async () => (await import('../commands/weights_commit.js')).weightsCommit,
  ],
  [
    'weights_reveal',
    'Reveal weights that were committed as a hash.',
    async () => (await import('../commands/weights_reveal.js')).weightsReveal,
  ],
  [
    'swap_coldkey',
    'Move everything of a coldkey to a new coldkey.',
    async () => (await import('../commands/swap_coldkey.js')).swapColdkey,
  ],
  [
    'swap_check',
    'Show coldkey swaps that wait.',
    async () => (await import('../commands/swap_check.js')).swapCheck,
  ],
  [
    'axon_set',
    'Announce on chain where a neuron can be reached.',
    async () => (await import('../commands/axon_set.js')).axonSet,
  ],
  [
    'axon_reset',
    'Take back on chain where a neuron can be reached.',
    async () => (await import('../commands/axon_reset.js')).axonReset,
  ],
  [
    'swap_hotkey',
    'Move everything of a hotkey to a new hotkey.',
    async () => (await import('../commands/swap_hotkey.js')).swapHotkey,
  ],
  [
    'hyperparameters',
    'Show the settings of a subnet.',
    async () => (await import('../commands/hyperparameters.js')).hyperparameters,
  ],
  [
    'hyperparameter_set',
    'Change a setting of a subnet.',
    async () => (await import('../commands/hyperparameter_set.js')).hyperparameterSet,
  ],
  [
    'faucet',
    'Get free τ from a test chain by proof of work.',
    async () => (await import('../commands/faucet.js')).faucet,
  ],
  [
    'history',
    'Show the transactions sent from this machine.',
    async () => (await import('../commands/history.js')).history,
  ],
  [
    'policy',
    'Show or change the spend limits checked before signing.',
    async () => (await import('../commands/policy.js')).policy,
  ],
  [
    'address',
    'Keep names for addresses.',
    async () => (await import('../commands/address.js')).address,
  ],
  [
    'config',
    'Show or change values that hold for every run.',
    async () => (await import('../commands/config.js')).config,
  ],
  [
    'localnet',
    'Run a development chain on this machine.',
    async () => (await import('../commands/localnet.js')).localnet,
  ],
  [
    'pow',
    'Search a proof of work offline, or measure the speed of this machine.',
    async () => (await import('../commands/pow.js')).pow,
  ],
  [
    'gpu',
    'List the GPUs that can search proofs of work.',
    async () => (await import('../commands/gpu.js')).gpu,
  ],
  [
    'query',
    'Read any storage item of the chain.',
    async () => (await import('../commands/query.js')).query,
  ],
  [
    'const',
    'Read a constant of the runtime.',
    async () => (await import('../commands/const.js')).constant,
  ],
  [
    'api',
    'Call any function of the runtime.',
    async () => (await import('../commands/api.js')).api,
  ],
  [
    'tx',
    'Sign and send any call of the chain.',
    async () => (await import('../commands/tx.js')).tx,
  ],
  [
    'proxy_list',
    'List who may act for an account.',
    async () => (await import('../commands/proxy_list.js')).proxyList,
  ],
  [
    'proxy_add',
    'Let another account act for yours.',
    async () => (await import('../commands/proxy_add.js')).proxyAdd,
  ],
  [
    'proxy_remove',
    'Take back the right to act for your account.',
    async () => (await import('../commands/proxy_remove.js')).proxyRemove,
  ],
  [
    'multisig_list',
    'List what waits for approvals of signatories.',
    async () => (await import('../commands/multisig_list.js')).multisigList,
  ],
  [
    'multisig_approve',
    'Approve a call of an account of several signatories.',
    async () => (await import('../commands/multisig_approve.js')).multisigApprove,
  ],
  [
    'multisig_execute',
    'Make a call that enough signatories approved.',
    async () => (await import('../commands/multisig_execute.js')).multisigExecute,
  ],
  [
    'multisig_cancel',
    'Take back a call that was not made yet.',
    async () => (await import('../commands/multisig_cancel.js')).multisigCancel,
  ],
  [
    'crowdloan_list',
    'List crowdloans, or who gave to one.',
    async () => (await import('../commands/crowdloan_list.js')).crowdloanList,
  ],
  [
    'crowdloan_contribute',
    'Give τ to a crowdloan.',
    async () => (await import('../commands/crowdloan_contribute.js')).crowdloanContribute,
  ],
  [
    'crowdloan_withdraw',
    'Take back what you gave to a crowdloan.',
    async () => (await import('../commands/crowdloan_withdraw.js')).crowdloanWithdraw,
  ],
  [
    'sign_tx',
    'Sign transactions from a file, without network.',
    async () => (await import('../commands/sign_tx.js')).signTx,
  ],
  [
    'submit',
    'Send transactions that sign_tx has signed.',
    async () => (await import('../commands/submit.js')).submit,
  ],
  [
    'decode',
    'Say what bytes of the chain mean.',
    async () => (await import('../commands/decode.js')).decode,
  ],
  [
    'metadata',
    'Compare two runtimes, or save the metadata of one.',
    async () => (await import('../commands/metadata.js')).metadata,
  ],
  [
    'completion',
    'Print the completion script of a shell.',
    async () => (await import('../commands/completion.js')).completion,
  ],
]

/** All commands, in the order of the root help. */
export const registry: readonly Entry[] = [
  ...commands.map(([name, summary, load]) => ({ name, summary, load, group: 'commands' as const })),
  ...tools.map(([name, summary, load]) => ({ name, summary, load, group: 'tools' as const })),
]
