// One object in the panel, and the answers that belong to the selected one.

import { memo, type ReactNode } from 'react'
import { askedAmong, attributesOf, type Field, labelOf } from '../../engine/schema'
import type { Pin } from '../../engine/pins'
import type { Annotation } from '../../engine/types'
import { isGiven, type Work } from '../../engine/work'
import { Mark } from '../../ui/Mark'
import { Icon } from '../../ui/Icon'
import { IconButton } from '../../ui/parts'
import { AnswerRow } from './AnswerRow'
import { commentOf } from '../../surfaces/text/comments'
import { excerptOf } from './excerpt'
import { m } from './messages'
import type { Screen } from './screen'

interface ObjectRowProps {
  readonly annotation: Annotation
  readonly field: Field
  readonly work: Work
  readonly screen: Screen
  readonly selected: boolean
  readonly isHidden: boolean
  readonly isLocked: boolean
  /** What is talked about on it. */
  readonly talk: readonly Pin[]
  /** The store's listing: names of others that a row shows change with it. */
  readonly listing: number
}

/** Drawn again only when something that it shows has changed: a nudge of one shape leaves the other rows alone. */
export const ObjectRow = memo(function ObjectRow({ annotation, field, work, screen, selected, isHidden, isLocked, talk }: ObjectRowProps): ReactNode {
  const label = labelOf(field, annotation.label)
  const number = work.store.numberOf(annotation.id)
  const name = `${label?.title ?? annotation.label} ${number}`
  const words = screen.veils.covers(annotation.on?.stream ?? field.on) ? null : excerptOf(annotation, work, screen.kinds)
  const comment = commentOf(work, annotation.id)
  const note = comment?.text || (words === null ? noteOf(annotation, field, screen) : (label?.title ?? ''))
  return (
    <div className={['ob', selected ? 'sel' : '', isHidden ? 'gone' : ''].filter(Boolean).join(' ')} onPointerEnter={() => screen.view.set({ hover: annotation.id })} onPointerLeave={() => screen.view.set({ hover: null })}>
      <button type="button" className="pick" aria-pressed={selected} onClick={(event) => choose(screen, annotation.id, event.shiftKey || event.ctrlKey || event.metaKey)}>
        {label ? <Mark index={label.index} /> : <span className="m" />}
        <span className="grow tr" dir="auto" title={words ?? label?.title}>{words ?? label?.title ?? annotation.label}</span>
        {isGiven(annotation) && <span className="tag given" title={m.givenText}>{m.given}</span>}
        {note && <span className="t3 f11 tr note" title={comment?.text || undefined}>{note}</span>}
        {(words === null || comment !== null) && <span className="k">{number}</span>}
      </button>
      {talk.map((pin) => <button key={pin.id} type="button" className={`talk keep-focus ${pin.state}`} title={pin.title} aria-label={m.talkOn(name, pin.title)} onClick={() => screen.pins.open(pin)}><Icon name="comment" small />{pin.count}</button>)}
      <span className={isHidden || isLocked ? 'acts on' : 'acts'}>
        <IconButton icon={isLocked ? 'lock' : 'unlock'} size="small" tabIndex={-1} label={isLocked ? m.unlock(name) : m.lock(name)} onClick={() => screen.toggle('locked', [annotation.id])} />
        <IconButton icon={isHidden ? 'eyeoff' : 'eye'} size="small" tabIndex={-1} label={isHidden ? m.show(name) : m.hide(name)} onClick={() => screen.sight.toggleHidden([annotation.id])} />
      </span>
    </div>
  )
})

function choose(screen: Screen, id: string, more: boolean): void {
  if (more) screen.view.toggle(id)
  else screen.view.select(id)
  const annotation = screen.work?.store.get(id)
  if (annotation) screen.reveal(annotation)
}

/** The first answer that is not the usual one, in a word: "occluded". */
function noteOf(annotation: Annotation, field: Field, screen: Screen): string {
  const answers = annotation.attributes ?? {}
  const unusual = askedAmong(attributesOf(field, annotation.label), answers).find((a) => answers[a.key] !== undefined && answers[a.key] !== a.initial)
  const kind = unusual && screen.kinds.get(unusual.kind)
  const value = unusual && answers[unusual.key]
  if (!unusual || value === undefined || kind?.surface !== 'form') return ''
  return unusual.initial !== null ? unusual.title.toLowerCase() : kind.summary(value, unusual)
}

export function SelectedAttributes({ annotation, work, screen }: { annotation: Annotation; work: Work; screen: Screen }): ReactNode {
  const { single } = screen
  if (single === null || single.attributes.length === 0) return null
  const answers = annotation.attributes ?? {}
  return (
    <div className="at">
      {askedAmong(single.attributes, answers).map((attribute) => (
        <AnswerRow
          key={attribute.key}
          id={`attribute-${attribute.key}`}
          field={attribute}
          value={answers[attribute.key]}
          keys={single.keys.get(attribute.key) ?? { field: null, options: {} }}
          point={screen.points.find((p) => p.annotation === annotation.id && p.attribute === attribute.key) ?? null}
          compact
          about={excerptOf(annotation, work, screen.kinds) ?? undefined}
          onChange={(value) => work.setAttribute([annotation.id], attribute.key, value)}
        />
      ))}
    </div>
  )
}
