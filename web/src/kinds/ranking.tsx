// A ranking of candidates: which of two is better, by a key each; or all of them in order, by keys or by hand.

import { lazy, type ReactNode, Suspense } from 'react'
import type { ControlProps, FormKind, PartMark } from '../engine/kind'
import type { Field } from '../engine/schema'
import { letterOf } from '../engine/talk'
import type { Json } from '../engine/types'
import { m } from './messages'
import { rankingOf } from './orders'
import { keys, pairOptions, press } from './ranking-answers'
import { check, optionsOf } from './ranking-check'
import { PairBar } from './ranking-pair'

const RankingList = lazy(() => import('./ranking-list'))

function Control(props: ControlProps): ReactNode {
  if (optionsOf(props.field).pairwise) return <PairBar {...props} options={pairOptions(props.field)} />
  return <Suspense fallback={<span className="sk" style={{ height: 88 }} />}><RankingList {...props} /></Suspense>
}

/** The order by letters: `B > A = C`; by places in the file where nothing else is known. */
function summary(value: Json, _field: Field, parts: readonly string[] = []): string {
  const ranking = rankingOf(value)
  if (ranking === null) return ''
  const name = (key: string): string => (parts.includes(key) ? letterOf(parts.indexOf(key)) : key)
  const sign = ranking.strength > 1 ? ' ≫ ' : ' > '
  const order = ranking.order.map((place) => place.map(name).join(' = ')).join(sign)
  return ranking.none_good ? [m.noneGood, order].filter(Boolean).join(', ') : order
}

function markOf(value: Json, part: string): PartMark | null {
  const ranking = rankingOf(value)
  const at = ranking?.order.findIndex((place) => place.includes(part)) ?? -1
  if (ranking === null || at < 0) return ranking?.none_good ? { text: m.bad, best: false } : null
  const before = ranking.order.slice(0, at).flat().length
  const tied = (ranking.order[at]?.length ?? 0) > 1
  return { text: tied ? m.tiedPlace(before + 1) : m.place(before + 1), best: at === 0 && !ranking.none_good && ranking.order.length > 1 }
}

export const ranking: FormKind<ReactNode> = {
  name: 'ranking',
  version: 1,
  title: 'Ranking',
  surface: 'form',
  check,
  Control,
  values: keys,
  keys,
  press,
  summary,
  isUnder: (field) => optionsOf(field).pairwise,
  markOf,
}
