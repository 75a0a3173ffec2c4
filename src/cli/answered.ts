/** A command that ends with another answer than its usual one, such as a file that was written instead of sending. */
import type { Render } from './define.js'

/** Thrown where the other answer is known; shown as the command's answer, status 0. */
export class Answered<Data> extends Error {
  override readonly name = 'Answered'
  readonly data: Data
  readonly render: Render<Data>

  constructor(data: Data, render: Render<Data>) {
    super('answered')
    this.data = data
    this.render = render
  }
}
