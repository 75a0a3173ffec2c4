/**
 * What the chain's errors mean, in one sentence each, and what to do. Old runtimes carry no texts of their own.
 * Names of every era stand side by side: an error that was renamed is listed under each of its names.
 */

/** A sentence, and a remedy where there is one. */
export type ErrorText = readonly [meaning: string, remedy?: string]

const LIST_SUBNETS = 'btcli list_subnets shows the subnets there are'
const REGISTER_FIRST = 'register the hotkey first: btcli register or btcli recycle_register'
const CHECK_KEYS = 'check --wallet.name and --wallet.hotkey'
const TOP_UP = 'put more TAO on the account, or use a smaller amount'
const WAIT_BLOCKS = 'wait some blocks and try again'
const NEXT_BLOCK = 'try again in the next block'
const SOLVE_AGAIN = 'solve again for a newer block'
const UPGRADE = 'upgrade the validator software'
const REGISTERED = 'nothing needs to be done: btcli overview shows the neuron'
const WAIT_MONTH = 'wait until the limit of about 30 days is over'
const SMALLER_STAKE = 'see what is staked with btcli overview, and use a smaller amount'

const SUBTENSOR: Readonly<Record<string, ErrorText>> = {
  InvalidConnectionRequirement: ['the connection requirement between subnets is out of range'],
  NetworkDoesNotExist: ['there is no subnet with this netuid', LIST_SUBNETS],
  SubNetworkDoesNotExist: ['there is no subnet with this netuid', LIST_SUBNETS],
  SubnetNotExists: ['there is no subnet with this netuid', LIST_SUBNETS],
  RootNetworkDoesNotExist: ['this chain has no root network'],
  NetworkExist: ['this netuid is taken', 'choose another netuid'],
  InvalidModality: ['the modality of a subnet is 0, 1 or 2'],
  InvalidIpType: ['the IP type must be 4 or 6'],
  InvalidIpAddress: [
    'the IP address is zero, local or impossible for its type',
    'announce an address that can be reached from outside',
  ],
  InvalidPort: ['port 0 can not be announced', 'announce a port from 1 to 65535'],
  NotRegistered: [
    'the hotkey is unknown to the chain or not registered on this subnet',
    REGISTER_FIRST,
  ],
  HotKeyNotRegisteredInSubNet: ['the hotkey is not registered on this subnet', REGISTER_FIRST],
  HotKeyNotRegisteredInNetwork: ['the hotkey is registered on no subnet', REGISTER_FIRST],
  HotKeyAccountNotExists: ['the chain does not know this hotkey', REGISTER_FIRST],
  NonAssociatedColdKey: [
    'this coldkey does not own the hotkey, and the hotkey is no delegate',
    CHECK_KEYS,
  ],
  HotKeyNotDelegateAndSignerNotOwnHotKey: [
    'the hotkey is not yours, and it is no delegate',
    CHECK_KEYS,
  ],
  NotEnoughStaketoWithdraw: ['the amount is zero or more than what is staked', SMALLER_STAKE],
  NotEnoughStakeToWithdraw: ['the amount is more than what is staked', SMALLER_STAKE],
  StakeToWithdrawIsZero: ['an amount of zero can not be unstaked', 'give an amount above 0'],
  NotEnoughStake: ['the hotkey has too little stake for this', 'add stake: btcli stake'],
  NotEnoughStakeToSetWeights: [
    'the hotkey has too little stake to set weights on this subnet',
    'add stake: btcli stake',
  ],
  NotEnoughStakeToSetChildkeys: [
    'the hotkey has too little stake to set child keys',
    'add stake: btcli stake',
  ],
  NotEnoughBalanceToStake: ['the free balance of the coldkey is below the amount', TOP_UP],
  BalanceWithdrawalError: [
    'the coldkey would keep less than the existential deposit',
    'leave at least 500 RAO on the coldkey',
  ],
  ZeroBalanceAfterWithdrawn: [
    'nothing could be taken from the coldkey without emptying its account',
    TOP_UP,
  ],
  NotEnoughBalance: ['the coldkey can not pay the fee for swapping a hotkey', TOP_UP],
  NotEnoughBalanceToPaySwapHotKey: [
    'the coldkey can not pay the fee for swapping a hotkey',
    TOP_UP,
  ],
  NotEnoughBalanceToPaySwapColdKey: [
    'the coldkey can not pay the fee for swapping a coldkey',
    TOP_UP,
  ],
  InsufficientBalance: ['the free balance of the coldkey is too small', TOP_UP],
  InsufficientBalanceToPerformColdkeySwap: [
    'the coldkey can not pay the fee for swapping a coldkey',
    TOP_UP,
  ],
  CannotAffordLockCost: ['the coldkey can not pay for a new subnet', TOP_UP],
  NoBalanceToTransfer: ['there is no balance to move'],
  NoValidatorPermit: [
    'the hotkey has no validator permit on this subnet',
    'add stake and wait for the next epoch',
  ],
  NeuronNoValidatorPermit: [
    'the hotkey has no validator permit on this subnet',
    'add stake and wait for the next epoch',
  ],
  WeightVecNotEqualSize: ['there are not as many weights as uids'],
  DuplicateUids: ['a uid is listed twice'],
  InvalidUid: ['a uid is not on this subnet', 'refresh the metagraph'],
  UidVecContainInvalidOne: ['a uid is not on this subnet', 'refresh the metagraph'],
  NotSettingEnoughWeights: ['fewer weights are set than the subnet demands'],
  WeightVecLengthIsLow: ['fewer weights are set than the subnet demands'],
  TooManyUids: ['more uids are listed than the subnet has', 'refresh the metagraph'],
  UidsLengthExceedUidsInSubNet: [
    'more uids are listed than the subnet has',
    'refresh the metagraph',
  ],
  MaxWeightExceeded: [
    'one weight is above the largest share the subnet allows',
    'clip the weights',
  ],
  SettingWeightsTooFast: [
    'weights of this hotkey were set too recently',
    'wait until the weights rate limit of the subnet is over',
  ],
  IncorrectNetworkVersionKey: ['the version key is below the one the subnet demands', UPGRADE],
  IncorrectWeightVersionKey: ['the version key is below the one the subnet demands', UPGRADE],
  CanNotSetRootNetworkWeights: ['weights can no longer be set on the root network'],
  CommitRevealEnabled: [
    'this subnet takes weights by commit and reveal only',
    'commit the weights instead of setting them',
  ],
  CommitRevealDisabled: [
    'this subnet takes no commits of weights',
    'set the weights instead of committing them',
  ],
  NoWeightsCommitFound: ['there is no commit to reveal', 'commit weights first'],
  InvalidRevealCommitHashNotMatch: [
    'what is revealed is not what was committed: salt, uids, weights or version key differ',
  ],
  TooManyUnrevealedCommits: ['ten commits wait to be revealed', 'reveal one of them first'],
  ExpiredWeightCommit: ['the commit was revealed too late', 'commit the weights again'],
  RevealTooEarly: ['the epoch for revealing this commit has not begun', WAIT_BLOCKS],
  CommittingWeightsTooFast: ['weights of this hotkey were committed too recently', WAIT_BLOCKS],
  IncorrectCommitRevealVersion: [
    'the commit has another format version than the chain uses',
    UPGRADE,
  ],
  RevealPeriodTooLarge: ['the reveal period is too long'],
  RevealPeriodTooSmall: ['the reveal period is too short'],
  InputLengthsUnequal: ['the lists given are not of equal length'],
  TooManyRegistrationsThisBlock: ['this block has no room for another registration', NEXT_BLOCK],
  TooManyRegistrationsThisInterval: [
    'registrations on this subnet have reached three times their target',
    'wait for the next adjustment interval of the subnet',
  ],
  AlreadyRegistered: ['the hotkey is registered on this subnet already', REGISTERED],
  HotKeyAlreadyRegisteredInSubNet: ['the hotkey is registered on this subnet already', REGISTERED],
  NewHotKeyIsSameWithOld: ['the new hotkey is the old one', 'name another hotkey'],
  InvalidWorkBlock: ['the proof of work is older than the chain accepts', SOLVE_AGAIN],
  WorkRepeated: ['this proof of work was used before', SOLVE_AGAIN],
  InvalidDifficulty: ['the proof of work misses the difficulty, which has risen', SOLVE_AGAIN],
  InvalidSeal: ['the proof of work does not belong to this block, nonce and key', SOLVE_AGAIN],
  RegistrationDisabled: [
    'registration of this kind is closed on this subnet',
    'try the other kind (register or recycle_register), or another subnet',
  ],
  SubNetRegistrationDisabled: [
    'registration is closed on this subnet',
    'try the other kind (register or recycle_register), or another subnet',
  ],
  DidNotPassConnectedNetworkRequirement: [
    'the hotkey ranks too low on another subnet that this one demands',
    'btcli list_subnets shows the requirements',
  ],
  HotkeyOriginMismatch: ['a registration by proof of work must be signed by the hotkey itself'],
  TransactorAccountShouldBeHotKey: [
    'a registration by proof of work must be signed by the hotkey itself',
  ],
  OperationNotPermittedonRootSubnet: [
    'this can not be done on the root network',
    'netuid 0 takes registrations by root_register only',
  ],
  RegistrationNotPermittedOnRootSubnet: [
    'this kind of registration can not be used on the root network',
    'netuid 0 takes registrations by root_register only',
  ],
  NotRootSubnet: ['this can be done on the root network only'],
  StakeTooLowForRoot: [
    'the root network is full and this hotkey has no more stake than its last member',
    'add stake: btcli stake',
  ],
  NoNeuronIdAvailable: ['the subnet has no uid to give'],
  MaxAllowedUIdsNotAllowed: ['this number of uids is not allowed'],
  MaxAllowedUidsExceeded: ['the subnet can not have so many uids'],
  CouldNotConvertToBalance: ['the amount is more than the chain can count'],
  StakeAlreadyAdded: ['the stake was added already'],
  StorageValueOutOfRange: ['the value is out of range'],
  InvalidValue: ['the value is out of range'],
  TempoHasNotSet: ['the subnet has no tempo'],
  InvalidTempo: ['the tempo is out of range'],
  EmissionValuesDoesNotMatchNetworks: ['the emission values do not name every subnet'],
  InvalidEmissionValues: ['the emission values do not add up to the block emission'],
  BalanceSetError: ['the balance could not be set'],
  BenchmarkingOnly: ['this call exists for benchmarks only'],
  IncorrectNetuidsLength: ['the list of netuids has the wrong length'],
  AlreadyDelegate: ['the hotkey is a delegate already', 'nothing needs to be done'],
  HotKeyAlreadyDelegate: ['the hotkey is a delegate already', 'nothing needs to be done'],
  NotDelegate: ['the hotkey is no delegate', 'nominate it first: btcli nominate'],
  DelegateTakeTooLow: ['the take can not be set to this value in this direction'],
  DelegateTakeTooHigh: ['the take is above the highest the chain allows'],
  DelegateTxRateLimitExceeded: ['the take was changed too recently', WAIT_MONTH],
  NomStakeBelowMinimumThreshold: [
    'the nomination is below the smallest the chain keeps',
    'stake more',
  ],
  ServingRateLimitExceeded: [
    'the hotkey announced an endpoint too recently',
    'wait until the serving rate limit of the subnet is over',
  ],
  TxRateLimitExceeded: ['the last call of this kind is too recent', WAIT_BLOCKS],
  NetworkTxRateLimitExceeded: ['the last new subnet is too recent', WAIT_BLOCKS],
  HotKeySetTxRateLimitExceeded: ['the hotkey was set or swapped too recently', WAIT_BLOCKS],
  HotKeySwapOnSubnetIntervalNotPassed: [
    'the hotkey was swapped on this subnet too recently',
    WAIT_BLOCKS,
  ],
  StakeRateLimitExceeded: ['there were too many stake calls in this interval', WAIT_BLOCKS],
  UnstakeRateLimitExceeded: ['there were too many unstake calls in this interval', WAIT_BLOCKS],
  StakingRateLimitExceeded: ['there were too many stake calls in this interval', WAIT_BLOCKS],
  StakingOperationRateLimitExceeded: [
    'only one staking call per block is allowed for this pair of keys',
    NEXT_BLOCK,
  ],
  ColdKeySwapTxRateLimitExceeded: ['the coldkey was swapped too recently', WAIT_BLOCKS],
  TxChildkeyTakeRateLimitExceeded: ['the child key take was changed too recently', WAIT_MONTH],
  EvmKeyAssociateRateLimitExceeded: ['an EVM key was associated too recently', WAIT_BLOCKS],
  SenateMember: ['the hotkey still sits in the senate'],
  NotSenateMember: ['the hotkey does not sit in the senate', 'btcli senate shows who does'],
  AlreadySenateMember: ['the hotkey sits in the senate already', 'nothing needs to be done'],
  BelowStakeThreshold: [
    'the stake behind the hotkey is too small for a seat in the senate',
    'add stake: btcli stake',
  ],
  CouldNotJoinSenate: ['the senate did not take the hotkey'],
  FaucetDisabled: ['this chain has no faucet'],
  NotSubnetOwner: ['only the owner of the subnet may do this', CHECK_KEYS],
  AllNetworksInImmunity: [
    'there is no room for another subnet while all of them are immune',
    WAIT_BLOCKS,
  ],
  SubnetLimitReached: ['there is no room for another subnet'],
  MechanismDoesNotExist: ['there is no such mechanism', 'use mechanism 1'],
  SubnetAlreadyConverted: ['the subnet was converted already'],
  CannotUnstakeLock: ['this stake is locked'],
  HotkeyNotManaged: ['the coldkey does not manage this hotkey', CHECK_KEYS],
  LiquidAlphaDisabled: ['liquid alpha is switched off on this subnet', 'enable liquid alpha first'],
  AlphaHighTooLow: ['alpha high is out of range'],
  AlphaLowOutOfRange: ['alpha low is out of range'],
  ColdKeyAlreadyAssociated: ['the new coldkey is in use', 'choose a new coldkey'],
  NewColdKeyIsSameWithOld: ['the new coldkey is the old one', 'choose a new coldkey'],
  SameColdkey: ['the new coldkey is the old one', 'choose a new coldkey'],
  NewColdKeyIsHotkey: ['the new coldkey is in use as a hotkey', 'choose a new coldkey'],
  NotExistColdkey: ['the chain does not know this coldkey'],
  ColdkeyIsInArbitration: ['a swap of this coldkey is pending', WAIT_BLOCKS],
  NewColdkeyIsInArbitration: ['a swap of the new coldkey is pending', 'choose a new coldkey'],
  DuplicateColdkey: ['this coldkey is listed already'],
  ColdkeySwapError: ['the coldkey could not be swapped'],
  MaxColdkeyDestinationsReached: ['the coldkey has too many pending destinations'],
  SwapColdkeyOnlyCallableByRoot: ['only root may swap a coldkey at once', 'schedule the swap'],
  SwapAlreadyScheduled: ['a swap is scheduled already'],
  FailedToSchedule: ['the chain could not schedule this', WAIT_BLOCKS],
  InvalidChild: ['a hotkey can not be its own child'],
  DuplicateChild: ['a child is listed twice'],
  ProportionOverflow: ['the proportions of the children exceed the whole'],
  TooManyChildren: ['a hotkey has at most five children'],
  ChildParentInconsistency: ['a hotkey can not be child and parent of the same hotkey'],
  InvalidChildkeyTake: ['the child key take is above the highest the chain allows'],
  InvalidIdentity: ['a field of the identity is too long', 'shorten the texts'],
  AmountTooLow: ['the amount is below the smallest that can be staked', 'use a larger amount'],
  InsufficientLiquidity: ['the pool of the subnet is too small for this', 'use a smaller amount'],
  SlippageTooHigh: [
    'the price moved past the limit',
    'allow a higher tolerance or a partial amount, or use a smaller amount',
  ],
  StakeUnavailable: [
    'the stake is locked, or bound as collateral of a miner',
    'btcli stake_list shows how much can be taken',
  ],
  RootStakeLocked: [
    'stake on root stays there for a while after it was added, taken or claimed',
    WAIT_BLOCKS,
  ],
  ColdkeySwapAnnounced: [
    'a swap of this coldkey is announced, until then the chain takes nothing else from it',
    'btcli swap_check shows it; btcli swap_coldkey executes, clears or disputes it',
  ],
  ColdkeySwapDisputed: ['the swap of this coldkey is disputed; only governance can go on'],
  ColdkeySwapTooHeavy: [
    'the coldkey has stake in too many places for one swap',
    'unstake or move some of it first: btcli stake_list',
  ],
  ColdkeySwapDestinationReserved: ['the account is reserved as the new coldkey of another swap'],
  RegistrationPriceLimitExceeded: [
    'registration costs more than the limit by now',
    'try again, or allow more with --max_burn',
  ],
  RootClaimTooHeavy: [
    'there is too much to walk through for one claim',
    'claim from one validator: btcli claim_process --hotkey',
  ],
  BasketDepositPending: ['dividends of this hotkey are not settled yet', WAIT_BLOCKS],
  TooManyStakingHotkeys: [
    'the coldkey has stake on too many hotkeys',
    'use one that it has stake on',
  ],
  AccountRejectsLockedAlpha: ['the receiver takes no locked stake'],
  AccountRejectsStakingHotkeyGrowth: ['the receiver takes no stake on hotkeys it has none on'],
  CannotUseSystemAccount: ['the account belongs to the chain itself'],
  StartCallNotReady: ['the subnet is too young to start', WAIT_BLOCKS],
  WaitingForDissolvedSubnetCleanup: ['another subnet is being dissolved', WAIT_BLOCKS],
  CommitQueueFull: ['too many weights wait to be revealed on this subnet', WAIT_BLOCKS],
  InvalidRevealRound: ['the round that would open the weights is over', 'commit them again'],
  Deprecated: ['the call is kept but refuses everybody'],
  TransferDisallowed: ['this subnet does not allow stake to change owners'],
  ActivityCutoffTooLow: ['the activity cutoff is too low'],
  CallDisabled: ['this call is switched off'],
  FirstEmissionBlockNumberAlreadySet: ['emission of this subnet was started already'],
  NeedWaitingMoreBlocksToStarCall: ['the subnet is too young to start emission', WAIT_BLOCKS],
  NotEnoughAlphaOutToRecycle: ['there is not so much alpha to recycle'],
  CannotBurnOrRecycleOnRootSubnet: ['stake on root can be neither burned nor recycled'],
  UnableToRecoverPublicKey: ['the signature of the EVM key is not valid'],
  InvalidRecoveredPublicKey: ['the signature was made by another EVM key'],
  SubtokenDisabled: ['alpha of this subnet is not traded yet', 'wait until the owner starts it'],
  ZeroMaxStakeAmount: ['the limit price allows no amount at all', 'allow a higher tolerance'],
  SameNetuid: ['origin and destination are the same subnet'],
  InvalidLeaseBeneficiary: ['the beneficiary of the lease is not valid'],
  LeaseCannotEndInThePast: ['a lease can not end in the past'],
  LeaseNetuidNotFound: ['the subnet of the lease was not found'],
  LeaseDoesNotExist: ['there is no such lease'],
  LeaseHasNoEndBlock: ['the lease has no end'],
  LeaseHasNotEnded: ['the lease has not ended'],
  Overflow: ['a number grew beyond what the chain can count'],
  BeneficiaryDoesNotOwnHotkey: ['the beneficiary does not own the hotkey'],
  ExpectedBeneficiaryOrigin: ['only the beneficiary of the lease may do this'],
  AdminActionProhibitedDuringWeightsWindow: [
    'settings are frozen shortly before an epoch',
    'try again after the epoch',
  ],
  SymbolDoesNotExist: ['there is no such symbol'],
  SymbolAlreadyInUse: ['another subnet uses this symbol'],
  SameAutoStakeHotkeyAlreadySet: ['this hotkey is set already', 'nothing needs to be done'],
  UidMapCouldNotBeCleared: ['the uids of the subnet could not be cleared'],
  TrimmingWouldExceedMaxImmunePercentage: ['too many neurons are immune to trim the subnet'],
  InvalidNumRootClaim: ['the number of root claims is out of range'],
  InvalidRootClaimThreshold: ['the threshold of root claims is out of range'],
  InvalidSubnetNumber: ['the number of subnets is out of range'],
}

const MISSING_PROPOSAL: ErrorText = [
  'there is no open proposal with this hash',
  'btcli proposals shows those that are open',
]
const WRONG_INDEX: ErrorText = [
  'the number does not belong to this proposal',
  'btcli proposals shows hash and number',
]
const TOO_EARLY: ErrorText = ['the vote is still open and has no majority', WAIT_BLOCKS]
const TOO_MANY_PROPOSALS: ErrorText = ['too many proposals are open', 'close one of them first']
const WEIGHT_BOUND: ErrorText = ['the call is heavier than the bound given', 'raise the bound']
const LENGTH_BOUND: ErrorText = ['the call is longer than the bound given', 'raise the bound']
const SHORT_MOTION: ErrorText = [
  'a proposal must stay open for longer',
  'give a duration of 12 hours at least on the main chain: 3600 blocks',
]

const COLLECTIVE: Readonly<Record<string, ErrorText>> = {
  NotMember: ['the account is no member'],
  DuplicateProposal: ['the same proposal is open already', 'btcli proposals shows it'],
  ProposalMissing: MISSING_PROPOSAL,
  ProposalNotExists: MISSING_PROPOSAL,
  WrongIndex: WRONG_INDEX,
  IndexMismatchProposalHash: WRONG_INDEX,
  DuplicateVote: ['this hotkey has voted so already', 'nothing needs to be done'],
  AlreadyInitialized: ['the members were set already'],
  TooEarly: TOO_EARLY,
  TooEarlyToCloseProposal: TOO_EARLY,
  TooManyProposals: TOO_MANY_PROPOSALS,
  TooManyActiveProposals: TOO_MANY_PROPOSALS,
  WrongProposalWeight: WEIGHT_BOUND,
  ProposalWeightLessThanDispatchCallWeight: WEIGHT_BOUND,
  WrongProposalLength: LENGTH_BOUND,
  ProposalLengthBoundLessThanProposalLength: LENGTH_BOUND,
  WrongDuration: SHORT_MOTION,
  DurationLowerThanConfiguredMotionDuration: SHORT_MOTION,
}

const MEMBERSHIP: Readonly<Record<string, ErrorText>> = {
  AlreadyMember: ['the account is a member already', 'nothing needs to be done'],
  NotMember: ['the account is no member'],
  TooManyMembers: ['all seats are taken'],
}

const BALANCES: Readonly<Record<string, ErrorText>> = {
  VestingBalance: ['this balance is still vesting'],
  LiquidityRestrictions: ['part of the balance is locked', 'use a smaller amount'],
  InsufficientBalance: ['the free balance is below the amount', TOP_UP],
  ExistentialDeposit: [
    'the receiving account would hold less than the existential deposit',
    'send at least 500 RAO to a new account',
  ],
  KeepAlive: [
    'the sending account would fall below the existential deposit',
    'leave at least 500 RAO, or allow the account to be emptied',
  ],
  Expendability: [
    'the sending account would fall below the existential deposit',
    'leave at least 500 RAO, or allow the account to be emptied',
  ],
  ExistingVestingSchedule: ['the account has a vesting schedule already'],
  DeadAccount: ['the receiving account does not exist'],
  TooManyReserves: ['the account has too many reserves'],
  TooManyHolds: ['the account has too many holds'],
  TooManyFreezes: ['the account has too many freezes'],
  IssuanceDeactivated: ['issuance can not be changed'],
  DeltaZero: ['the change is zero'],
}

const REGISTRY: Readonly<Record<string, ErrorText>> = {
  CannotRegister: ['the account may not set this identity', CHECK_KEYS],
  TooManyFields: ['the identity has too many extra fields', 'leave some out'],
  TooManyFieldsInIdentityInfo: ['the identity has too many extra fields', 'leave some out'],
  NotRegistered: ['the account has no identity'],
}

const COMMITMENTS: Readonly<Record<string, ErrorText>> = {
  TooManyFields: ['the commitment has too many fields', 'leave some out'],
  TooManyFieldsInCommitmentInfo: ['the commitment has too many fields', 'leave some out'],
  CannotCommit: ['the account may not commit on this subnet', REGISTER_FIRST],
  AccountNotAllowedCommit: ['the account may not commit on this subnet', REGISTER_FIRST],
  RateLimitExceeded: ['the last commitment is too recent', WAIT_BLOCKS],
  CommitmentSetRateLimitExceeded: ['the last commitment is too recent', WAIT_BLOCKS],
  SpaceLimitExceeded: ['the commitments of this epoch are too large', 'commit less'],
  UnexpectedUnreserveLeftover: ['the deposit of the commitment could not be returned'],
}

const ADMIN: Readonly<Record<string, ErrorText>> = {
  NetworkDoesNotExist: ['there is no subnet with this netuid', LIST_SUBNETS],
  SubnetDoesNotExist: ['there is no subnet with this netuid', LIST_SUBNETS],
  StorageValueOutOfRange: ['the value is out of range'],
  ValueNotInBounds: ['the value is out of range'],
  InvalidValue: ['the value is out of range'],
  MaxAllowedUIdsNotAllowed: ['this number of uids is not allowed'],
  MaxAllowedUIdsLessThanCurrentUIds: ['the subnet has more uids than this already'],
  MaxAllowedUidsLessThanCurrentUids: ['the subnet has more uids than this already'],
  MaxAllowedUidsLessThanMinAllowedUids: ['the limit is below the smallest number of uids'],
  MaxAllowedUidsGreaterThanDefaultMaxAllowedUids: ['the limit is above the highest allowed'],
  MinAllowedUidsGreaterThanCurrentUids: ['the subnet has fewer uids than this'],
  MinAllowedUidsGreaterThanMaxAllowedUids: ['the minimum is above the maximum'],
  MaxValidatorsLargerThanMaxUIds: ['there can not be more validators than uids'],
  BondsMovingAverageMaxReached: ['the bonds moving average is above the highest allowed'],
  NegativeSigmoidSteepness: ['the sigmoid steepness can not be negative'],
  NotPermittedOnRootSubnet: ['this can not be set on the root network'],
  POWRegistrationDisabled: ['registration by proof of work is switched off on this chain'],
}

const SWAP: Readonly<Record<string, ErrorText>> = {
  PriceLimitExceeded: [
    'the price is past the limit already',
    'allow a higher tolerance, or wait for a better price',
  ],
  ReservesTooLow: ['the pool of this subnet is too small for trades'],
  ReservesOutOfBalance: ['the pool of this subnet is out of balance'],
  SwapInputTooLarge: [
    'the amount is too large for the pool of this subnet',
    'use a smaller amount',
  ],
  InsufficientLiquidity: ['the pool of this subnet is too small for this', 'use a smaller amount'],
  InsufficientInputAmount: ['the amount is too small for a swap'],
}

const SUDO: Readonly<Record<string, ErrorText>> = {
  RequireSudo: ['only the sudo key of this chain may do this', CHECK_KEYS],
}

const UTILITY: Readonly<Record<string, ErrorText>> = {
  TooManyCalls: ['the batch has too many calls', 'split it'],
}

const PROXY: Readonly<Record<string, ErrorText>> = {
  TooMany: ['the account has too many proxies or announcements'],
  NotFound: ['there is no such proxy'],
  NotProxy: ['the signer is no proxy of this account', CHECK_KEYS],
  Unproxyable: ['the proxy may not make this call'],
  Duplicate: ['the account is a proxy already'],
  NoPermission: ['the proxy may not do this'],
  Unannounced: ['the call was not announced, or not long enough ago'],
  NoSelfProxy: ['an account can not be its own proxy'],
}

/** Errors of the framework rather than of a pallet. */
const SYSTEM: Readonly<Record<string, ErrorText>> = {
  BadOrigin: ['this key may not make the call', CHECK_KEYS],
  CannotLookup: ['the account could not be found'],
  Other: ['the runtime refused the call'],
  ConsumerRemaining: ['the account is still in use and can not be removed'],
  NoProviders: ['the account does not exist', 'send TAO to it first'],
  TooManyConsumers: ['the account is used in too many places'],
  Exhausted: ['the block has no room for the call', NEXT_BLOCK],
  Corruption: ['the state of the chain is corrupt'],
  Unavailable: ['something the call needs is not available', WAIT_BLOCKS],
  RootNotAllowed: ['root may not make this call'],
  CallFiltered: ['this chain does not allow the call at present'],
}

const TOKEN: Readonly<Record<string, ErrorText>> = {
  NoFunds: BALANCES['InsufficientBalance'] ?? [''],
  FundsUnavailable: BALANCES['InsufficientBalance'] ?? [''],
  WouldDie: BALANCES['KeepAlive'] ?? [''],
  OnlyProvider: ['the account is still in use and can not be emptied', 'use a smaller amount'],
  NotExpendable: BALANCES['KeepAlive'] ?? [''],
  BelowMinimum: BALANCES['ExistentialDeposit'] ?? [''],
  CannotCreate: ['the receiving account can not be created'],
  CannotCreateHold: ['the amount can not be held'],
  UnknownAsset: ['the chain does not know this asset'],
  Frozen: ['part of the balance is frozen', 'use a smaller amount'],
  Unsupported: ['the chain does not support this'],
  Blocked: ['the account is blocked'],
}

const ARITHMETIC: Readonly<Record<string, ErrorText>> = {
  Underflow: ['the balance is too small', TOP_UP],
  Overflow: ['a number grew beyond what the chain can count'],
  DivisionByZero: ['the runtime divided by zero'],
}

/** Texts by pallet and error name; `System`, `Token` and `Arithmetic` are errors of the framework. */
export const ERROR_TEXTS: Readonly<Record<string, Readonly<Record<string, ErrorText>>>> = {
  SubtensorModule: SUBTENSOR,
  Triumvirate: COLLECTIVE,
  TriumvirateMembers: MEMBERSHIP,
  SenateMembers: MEMBERSHIP,
  Balances: BALANCES,
  Registry: REGISTRY,
  Commitments: COMMITMENTS,
  AdminUtils: ADMIN,
  Swap: SWAP,
  Sudo: SUDO,
  Utility: UTILITY,
  Proxy: PROXY,
  System: SYSTEM,
  Token: TOKEN,
  Arithmetic: ARITHMETIC,
}
