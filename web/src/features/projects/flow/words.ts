// A way out in a few words: "20 %", "agreement < 0.8", "rejected".
import { m } from './messages'
import type { Edge, When } from './policy'

export function wayWords(way: Edge, isOnly: boolean): string {
  const parts = whenWords(way.when)
  if (way.share !== undefined && way.share !== null) parts.push(`${Math.round(way.share * 1000) / 10} %`)
  return parts.length > 0 ? parts.join(', ') : isOnly ? m.always : m.otherwise
}

function whenWords(when: When | null | undefined): string[] {
  if (!when) return []
  const found: string[] = []
  const bound = (name: string, given: { above?: number; below?: number; field?: string } | undefined, otherwise: string) => {
    if (!given) return
    const of = given.field ? `${name} ${given.field}` : name
    const sides = [given.above === undefined ? '' : `≥ ${given.above}`, given.below === undefined ? '' : `< ${given.below}`].filter(Boolean)
    found.push(`${of} ${sides.join(' ') || otherwise}`)
  }
  if (when.verdict) found.push(m.verdicts[when.verdict] ?? when.verdict)
  bound('agreement', when.agree, '≥ 0.8')
  bound('agreement', when.differ, '< 0.8')
  if (when.tie !== undefined && when.tie !== null) found.push(when.tie ? 'tie' : 'no tie')
  bound('risk', when.risk, '')
  bound('skill', when.skill, '')
  bound('answers', when.answers, '')
  for (const [key, value] of Object.entries(when.metadata ?? {})) found.push(`${key} = ${Array.isArray(value) ? value.join(' | ') : String(value)}`)
  return found
}
