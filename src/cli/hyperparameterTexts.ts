/** What the settings of a subnet mean, and how their values are read. */

/** `ratio`: of 65535. `ratio64`: of 2⁶⁴ − 1. `tao`: RAO. `blocks`: a number of blocks. `millionth`: of a million. */
export type HyperparameterKind = 'ratio' | 'ratio64' | 'tao' | 'blocks' | 'millionth' | 'plain'

/** Kind and meaning by the runtime's own name. */
export const HYPERPARAMETERS: Readonly<
  Record<string, { readonly kind: HyperparameterKind; readonly about: string }>
> = {
  rho: { kind: 'plain', about: 'steepness of the trust curve' },
  kappa: { kind: 'ratio', about: 'share of stake that makes a majority' },
  immunity_period: { kind: 'blocks', about: 'for which a new neuron is not replaced' },
  min_allowed_weights: { kind: 'plain', about: 'weights that a validator sets at least' },
  max_weights_limit: { kind: 'ratio', about: 'largest share of one weight' },
  tempo: { kind: 'blocks', about: 'between two epochs' },
  min_difficulty: { kind: 'plain', about: 'floor of the proof of work' },
  max_difficulty: { kind: 'plain', about: 'ceiling of the proof of work' },
  difficulty: { kind: 'plain', about: 'of the proof of work now' },
  weights_version: { kind: 'plain', about: 'version key that weights must carry' },
  weights_rate_limit: { kind: 'blocks', about: 'between two settings of weights' },
  adjustment_interval: { kind: 'blocks', about: 'between two changes of difficulty and burn' },
  adjustment_alpha: { kind: 'ratio64', about: 'how slowly difficulty and burn follow' },
  activity_cutoff: { kind: 'blocks', about: 'without weights after which a validator is inactive' },
  registration_allowed: { kind: 'plain', about: 'whether registration is open' },
  target_regs_per_interval: {
    kind: 'plain',
    about: 'registrations per interval that are aimed at',
  },
  max_regs_per_block: { kind: 'plain', about: 'registrations per block at most' },
  min_burn: { kind: 'tao', about: 'lowest price of recycle_register' },
  max_burn: { kind: 'tao', about: 'highest price of recycle_register' },
  bonds_moving_avg: { kind: 'millionth', about: 'how slowly bonds follow the weights' },
  serving_rate_limit: { kind: 'blocks', about: 'between two announcements of an axon' },
  max_validators: { kind: 'plain', about: 'neurons that may hold a validator permit' },
  commit_reveal_period: { kind: 'plain', about: 'epochs between commit and reveal of weights' },
  commit_reveal_weights_enabled: { kind: 'plain', about: 'whether weights are committed first' },
  alpha_high: { kind: 'ratio', about: 'upper bound of liquid alpha' },
  alpha_low: { kind: 'ratio', about: 'lower bound of liquid alpha' },
  liquid_alpha_enabled: { kind: 'plain', about: 'whether bonds follow at a speed of their own' },
}
