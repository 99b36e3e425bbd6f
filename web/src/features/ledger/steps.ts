// Steps of a formula as people write them: "0 : 90, 0.7 : 100".
import type { Formula } from '../../api/pay'

export type Steps = NonNullable<Formula['difficulty']>

/** "0 : 90, 0.7 : 100" of the steps. */
export function stepsText(steps: Steps | undefined): string {
  return (steps ?? []).map((step) => `${step.from} : ${step.percent}`).join(', ')
}

/** The steps that a text says; null where it says none that can be read. Whether they go together the server says. */
export function stepsOf(text: string): Steps | null {
  const found = text.split(',').map((one) => one.trim()).filter(Boolean).map((one) => /^(\d+(?:\.\d+)?)\s*:\s*(\d+)\s*%?$/.exec(one))
  if (found.some((one) => one === null)) return null
  return found.map((one) => ({ from: Number(one?.[1]), percent: Number(one?.[2]) }))
}
