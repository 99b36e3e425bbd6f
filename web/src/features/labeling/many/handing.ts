// Handing many cards in: which have their answers, and what goes to the server for each.

import { type Kinds, openPoints } from '../../../engine/check'
import { parcelOf, type Sender } from '../../../engine/parcel'
import type { Parcel } from '../../../engine/ports'
import type { Work } from '../../../engine/work'
import { type Card, titleOf } from './cards'
import { m } from './messages'
import type { Refusal } from './post'

/** A card that can be handed in. */
export interface Ready {
  readonly card: Card
  readonly work: Work
}

/** The cards that have all their answers; the others are told what they lack. */
export function readyOf(cards: readonly Card[], kinds: Kinds): { readonly ready: readonly Ready[]; readonly lacking: readonly Refusal[] } {
  const ready: Ready[] = []
  const lacking: Refusal[] = []
  for (const card of cards) {
    const { work } = card
    const [point] = work === null ? [] : openPoints(work, kinds)
    card.problem = point && work ? m.missing(work.field(point.field)?.title ?? point.field) : null
    if (work === null) continue
    if (card.problem === null) ready.push({ card, work })
    else lacking.push({ item: card.row.id, title: titleOf(card.row), why: card.problem })
  }
  return { ready, lacking }
}

/** What goes to the server for a card: only what was said is spoken about, since nobody has looked at the rest. */
export function parcelFor(work: Work, activeMs: number, sender: Sender): Parcel {
  const annotations = work.annotations()
  const covers = Object.fromEntries(annotations.map((a) => [a.field, null]))
  const made = parcelOf(work, { state: 'submitted', covers, annotations }, sender)
  return { ...made, body: { ...made.body, active_ms: activeMs } }
}
