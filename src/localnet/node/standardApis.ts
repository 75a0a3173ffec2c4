/** The runtime APIs that every Substrate runtime exports, as far as clients call them. */
import { blake2b } from '@noble/hashes/blake2.js'
import { utf8ToBytes } from '@noble/hashes/utils.js'
import type { Call } from '../runtime/pallet.js'
import { Aura, Grandpa } from '../runtime/pallets/consensus.js'
import type { Runtime } from '../runtime/runtime.js'
import {
  AccountId,
  bytes,
  H256,
  option,
  type ScaleType,
  struct,
  tuple,
  u32,
  u64,
  vec,
  wrapper,
} from '../runtime/scale.js'
import { AuraPublic, DispatchClass, GrandpaPublic, MultiAddress, Weight } from '../runtime/types.js'
import { concat, toHex } from './bytes.js'
import { callFeeDetails, callFeeInfo, feeDetails, feeInfo } from './fees.js'
import { SLOT_MS } from './header.js'
import { extensionsOf, extrinsicType } from './metadata/extensions.js'
import { problemBytes } from './pool/problem.js'
import { type ApiContext, apiMethod, type RuntimeApi } from './runtimeApis.js'
import { applyResult, TransactionSource, TransactionValidity } from './validityTypes.js'

const U64_MAX = (1n << 64n) - 1n

const OpaqueMetadata = wrapper(bytes, { path: ['sp_core', 'OpaqueMetadata'] })
/** A transaction; the node wants its length and bytes as they came, metadata tells what is inside. */
const extrinsicOf = ({ callType, profile }: Runtime): ScaleType<Uint8Array> => ({
  ...extrinsicType(MultiAddress, callType, extensionsOf(profile)),
  codec: { enc: (value) => value, dec: (source) => bytes.codec.enc(bytes.codec.dec(source)) },
})
const FeeInfoType = struct(
  { weight: Weight, class: DispatchClass, partial_fee: u64 },
  { path: ['pallet_transaction_payment', 'types', 'RuntimeDispatchInfo'] },
)
const InclusionFee = struct(
  { base_fee: u64, len_fee: u64, adjusted_weight_fee: u64 },
  { path: ['pallet_transaction_payment', 'types', 'InclusionFee'] },
)
const FeeDetailsType = struct(
  { inclusion_fee: option(InclusionFee), tip: u64 },
  { path: ['pallet_transaction_payment', 'types', 'FeeDetails'] },
)

type Methods = RuntimeApi['methods']

const core = ({ type, value }: Runtime['versionConstant']): Methods => ({
  version: apiMethod({ inputs: {}, output: type, run: () => value }),
})

const Metadata: Methods = {
  metadata: apiMethod({
    inputs: {},
    output: OpaqueMetadata,
    run: ({ engine }) => engine.metadata(14),
  }),
}

/** The second version of the API, which can be asked for a format. */
const MetadataV2: Methods = {
  ...Metadata,
  metadata_at_version: apiMethod({
    inputs: { version: u32 },
    output: option(OpaqueMetadata),
    run: ({ engine }, { version }) =>
      version === 14 || version === 15 ? engine.metadata(version) : undefined,
  }),
  metadata_versions: apiMethod({ inputs: {}, output: vec(u32), run: () => [14, 15] }),
}

const blockBuilder = (runtime: Runtime): Methods => ({
  apply_extrinsic: apiMethod({
    inputs: { extrinsic: extrinsicOf(runtime) },
    output: applyResult(runtime.dispatchErrorType),
    run: ({ node, block }, { extrinsic }) => node.dryRun(extrinsic, block),
  }),
})

const taggedTransactionQueue = (runtime: Runtime): Methods => ({
  validate_transaction: apiMethod({
    inputs: { source: TransactionSource, tx: extrinsicOf(runtime), block_hash: H256 },
    output: TransactionValidity,
    run: (context, { tx }) => transactionValidity(context, tx),
  }),
})

/** `TransactionValidity`, whose tags are the sender with a nonce. */
async function transactionValidity(
  { node, engine, block }: ApiContext,
  transaction: Uint8Array,
): Promise<Uint8Array> {
  const judgement = await node.judge(engine.decode(transaction), block)
  if (!judgement.ok) return concat(Uint8Array.of(1), problemBytes(judgement.problem))
  const { signer, nonce, priority, validTill } = judgement.candidate
  const tags = (...nonces: number[]) =>
    vec(bytes).codec.enc(nonces.map((one) => tuple(AccountId, u32).codec.enc([signer, one])))
  const waits = nonce > node.nonceAt(signer, block)
  return concat(
    Uint8Array.of(0),
    u64.codec.enc(priority),
    waits ? tags(nonce - 1) : tags(),
    tags(nonce),
    u64.codec.enc(Number.isFinite(validTill) ? BigInt(validTill - block) : U64_MAX),
    Uint8Array.of(1),
  )
}

const AuraApi: Methods = {
  slot_duration: apiMethod({ inputs: {}, output: u64, run: () => BigInt(SLOT_MS) }),
  authorities: apiMethod({
    inputs: {},
    output: vec(AuraPublic),
    run: ({ state }) => state.get(Aura.Authorities),
  }),
}

// Real nodes keep the voters outside the pallet's items; this chain is final without voters.
const GrandpaApi: Methods = {
  grandpa_authorities: apiMethod({
    inputs: {},
    output: vec(tuple(GrandpaPublic, u64)),
    run: () => [],
  }),
  current_set_id: apiMethod({
    inputs: {},
    output: u64,
    run: ({ state }) => state.get(Grandpa.CurrentSetId),
  }),
}

const AccountNonceApi: Methods = {
  account_nonce: apiMethod({
    inputs: { account: AccountId },
    output: u32,
    run: ({ engine, state }, { account }) => engine.runtime.account(state, account).nonce,
  }),
}

/** The conversions that both payment APIs have. */
const conversions: Methods = {
  query_weight_to_fee: apiMethod({
    inputs: { weight: Weight },
    output: u64,
    run: ({ engine }, { weight }) => engine.runtime.weightToFee(weight),
  }),
  query_length_to_fee: apiMethod({
    inputs: { length: u32 },
    output: u64,
    run: (_context, { length }) => BigInt(length),
  }),
}

const transactionPayment = (runtime: Runtime): Methods => ({
  query_info: apiMethod({
    inputs: { uxt: extrinsicOf(runtime), len: u32 },
    output: FeeInfoType,
    run: ({ engine }, { uxt }) => feeInfo(engine.runtime, engine.decode(uxt)),
  }),
  query_fee_details: apiMethod({
    inputs: { uxt: extrinsicOf(runtime), len: u32 },
    output: FeeDetailsType,
    run: ({ engine }, { uxt }) => feeDetails(engine.runtime, engine.decode(uxt)),
  }),
  ...conversions,
})

/** Fees of calls without a transaction around them. */
function paymentCallApi(callType: ScaleType<Call>): Methods {
  const inputs = { call: callType, len: u32 }
  return {
    query_call_info: apiMethod({
      inputs,
      output: FeeInfoType,
      run: ({ engine }, { call, len }) => callFeeInfo(engine.runtime, call, len),
    }),
    query_call_fee_details: apiMethod({
      inputs,
      output: FeeDetailsType,
      run: ({ engine }, { call, len }) => callFeeDetails(engine.runtime, call, len),
    }),
    ...conversions,
  }
}

/** The APIs that the runtime's version lists, in the versions it lists. */
export function standardApis(runtime: Runtime): RuntimeApi[] {
  const versions = new Map(runtime.version.apis)
  const known: Record<string, Methods> = {
    Core: core(runtime.versionConstant),
    Metadata: (versions.get(apiHash('Metadata')) ?? 0) >= 2 ? MetadataV2 : Metadata,
    BlockBuilder: blockBuilder(runtime),
    TaggedTransactionQueue: taggedTransactionQueue(runtime),
    AuraApi,
    GrandpaApi,
    AccountNonceApi,
    TransactionPaymentApi: transactionPayment(runtime),
    TransactionPaymentCallApi: paymentCallApi(runtime.callType),
  }
  return Object.entries(known)
    .filter(([name]) => versions.has(apiHash(name)))
    .map(([name, methods]) => ({ name, methods }))
}

/** The name of an API in the list of a runtime's version: blake2b-64. */
export function apiHash(name: string): string {
  return toHex(blake2b(utf8ToBytes(name), { dkLen: 8 }))
}
