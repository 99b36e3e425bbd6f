// What went wrong with a delivery, in words that say what to do.
import { m } from './messages'

const CAUSES: readonly (readonly [RegExp, string])[] = [
  [/ConnectTimeout|ReadTimeout|WriteTimeout|PoolTimeout/, m.causes.late],
  [/SSL|certificate/i, m.causes.certificate],
  [/has no address|Name or service not known|getaddrinfo/i, m.causes.name],
  [/open internet/, m.causes.private],
  [/ConnectError|Connection refused/i, m.causes.closed],
  [/^answered 3\d\d/, m.causes.moved],
  [/^answered 40[13]/, m.causes.denied],
  [/^answered 4(04|10)/, m.causes.gone],
  [/^answered 5\d\d/, m.causes.broken],
]

/** Why a delivery failed and what to do; nothing where the error says all there is. */
export function causeOf(error: string): string {
  return CAUSES.find(([pattern]) => pattern.test(error))?.[1] ?? ''
}
