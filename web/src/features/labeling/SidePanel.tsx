// The panel at the right: questions about the item, its objects, and what the current label means.

import { lazy, type ReactNode, Suspense } from 'react'
import { labelOf } from '../../engine/schema'
import { Icon } from '../../ui/Icon'
import { AnswerRow } from './AnswerRow'
import { BesidePanel } from './beside'
import { clusteredFields } from './clusters/clustering'
import { useScreen } from './context'
import { askedOfAny, withoutTaken } from './field-keys'
import { askedNow, formFields, hasCells, hasObjects, listedFields, panelFields } from './fields'
import { LabelText } from './LabelCard'
import { m } from './messages'
import { ObjectSection } from './ObjectSection'
import { CellRow } from './PartCells'
import { PartsTables } from './PartsTable'
import type { Screen } from './screen'

const ClusterSections = lazy(() => import('./clusters/ClusterSection').then((module) => ({ default: module.ClusterSections })))
const SidePanels = lazy(() => import('./panels/PanelFrame').then((module) => ({ default: module.SidePanels })))

export function SidePanel(): ReactNode {
  const screen = useScreen()
  const { work } = screen
  const [asked, listed] = [askedNow(work, panelFields(screen)), listedFields(screen).filter((field) => work === null || work.isAskedOn(field, null) || hasObjects(work, field))]
  const taken = takenBySelection(screen)
  const hasPanels = screen.schema.panels?.some((panel) => panel.place === 'side') === true
  return (
    <aside className="side" data-panel="side" aria-label={m.panel} tabIndex={-1}>
      {work !== null && asked.length > 0 && (
        <section className={listed.length > 0 ? 'sec' : 'sec all'}>
          <h2 className="sh">{m.answers}</h2>
          {asked.map((field) => hasCells(screen, field) ? <CellRow key={field.key} field={field} part={null} /> : (
            <AnswerRow
              key={field.key}
              id={`answer-${field.key}`}
              field={field}
              value={work.answer(field)}
              keys={withoutTaken(screen.fieldKeys.get(field.key) ?? { field: null, options: {} }, taken)}
              point={screen.points.find((p) => p.field === field.key && p.attribute === null) ?? null}
              onChange={(value) => work.setAnswer(field, value)}
            />
          ))}
        </section>
      )}
      {work !== null && hasPanels && <Suspense><SidePanels screen={screen} work={work} /></Suspense>}
      {work !== null && <PartsTables />}
      {work !== null && <ManySelected screen={screen} />}
      {work !== null && listed.map((field) => <ObjectSection key={field.key} field={field} work={work} screen={screen} />)}
      {work !== null && clusteredFields(screen).length > 0 && <Suspense><ClusterSections screen={screen} work={work} /></Suspense>}
      {work !== null && <Guideline screen={screen} />}
      {work !== null && <BesidePanel />}
    </aside>
  )
}

/** Keys that what is selected has while it is: they answer nothing else. */
function takenBySelection(screen: Screen): ReadonlySet<string> {
  return new Set(screen.subject === null ? [] : screen.commands.filter((c) => c.mode === 'selected' && c.when(screen)).flatMap((c) => c.keys))
}

/** The answers that many selected objects have in common, given to all of them at once. */
function ManySelected({ screen }: { screen: Screen }): ReactNode {
  const { subject } = screen
  if (subject === null || subject.annotations.length < 2) return null
  const asked = askedOfAny(subject.attributes, subject.annotations)
  if (asked.length === 0) return null
  return (
    <section className="sec">
      <h3 className="sh">{m.forAll(subject.annotations.length)}</h3>
      <div className="at">
        {asked.map((attribute) => (
          <AnswerRow
            key={attribute.key}
            id={`attribute-${attribute.key}`}
            field={attribute}
            value={screen.attributeOf(attribute.key)}
            keys={subject.keys.get(attribute.key) ?? { field: null, options: {} }}
            point={null}
            compact
            onChange={(value) => screen.setAttribute(attribute.key, value)}
          />
        ))}
      </div>
    </section>
  )
}

/** The definition of the selected object's label, else of the label that is drawn next. */
function Guideline({ screen }: { screen: Screen }): ReactNode {
  const { single } = screen
  const { label: current } = screen.view.state
  const field = single?.field ?? listedFields(screen).find((f) => f.key === current?.field)
  const label = field && labelOf(field, single?.annotation.label ?? current?.label ?? null)
  const texts = askedNow(screen.work, formFields(screen)).filter((f) => f.definition !== '')
  const isFolded = screen.folded.has('guideline')
  if (label && (label.definition !== '' || label.examples.length > 0)) {
    return (
      <section className="sec">
        <Head title={label.title} folded={isFolded} onFold={() => screen.fold('guideline')} note={m.guideline.toLowerCase()} />
        {!isFolded && <LabelText label={label} />}
      </section>
    )
  }
  if (texts.length === 0) return null
  return (
    <section className="sec">
      <Head title={m.guideline} folded={isFolded} onFold={() => screen.fold('guideline')} note="" />
      {!isFolded && texts.map((f) => (
        <p key={f.key} className="f12 t2 para" dir="auto">
          <span className="md t1">{f.title}</span> {f.definition}
        </p>
      ))}
    </section>
  )
}

function Head({ title, note, folded, onFold }: { title: string; note: string; folded: boolean; onFold: () => void }): ReactNode {
  return (
    <h2 className="sh">
      <button type="button" className="row g2 grow" aria-expanded={!folded} onClick={onFold}>
        <span className="t3"><Icon name="book" /></span>
        <span className="tr" dir="auto">{title}</span>
        <span className="c">{note}</span>
      </button>
    </h2>
  )
}
