/** A moving sign on a terminal; loaded when the first one turns. */
import ora from 'ora'
import type { OnSuspend, Spinner } from './context.js'

/** Starts a spinner on a stream. Stopping removes it from the screen and restores the cursor. */
export function startSpinner(
  stream: NodeJS.WriteStream,
  text: string,
  onSuspend: OnSuspend,
): Spinner {
  // Without discardStdin the spinner would swallow keys, Ctrl-C among them.
  const spinner = ora({ text, stream, discardStdin: false, hideCursor: true }).start()
  const unhear = onSuspend(() => {
    spinner.stop()
    return () => void spinner.start()
  })
  return {
    update(next) {
      spinner.text = next
    },
    stop() {
      unhear()
      spinner.stop()
    },
  }
}
