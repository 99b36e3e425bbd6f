// Several answers side by side, named by letters in the order in which this person sees them.

import { type ReactNode, useEffect, useMemo, useRef } from 'react'
import type { SurfaceControls } from '../../engine/surface'
import { candidatesOf, type Candidate, letterOf, wordCount } from '../../engine/talk'
import { Icon } from '../../ui/Icon'
import { CopyButton } from '../../ui/Markdown'
import { useWalk } from '../walking'
import { stillControls } from './controls'
import { m } from './messages'
import { Said, TurnView } from './TurnView'
import './talk.css'

export interface CandidatesSurfaceProps {
  readonly text: string
  readonly label: string
  readonly announce: string
  /** What the answers so far say of one candidate: its place, and whether it is the best. */
  readonly markOf: (key: string) => { readonly text: string; readonly best: boolean } | null
  /** The answer where the keyboard is, by its key: it is brought into sight. */
  readonly part?: string | null
  /** An answer was chosen. */
  readonly onPart?: (part: string) => void
  /** What is asked of each answer, shown under it. */
  readonly under?: (part: string) => ReactNode
  readonly onControls: (controls: SurfaceControls | null) => void
  readonly onActivity: () => void
}

/** Words are counted in answers up to this many characters: it takes long. */
const COUNTED = 50_000
/** A line is as many pixels. */
const STEP = 88

export function CandidatesSurface({ text, label, announce, markOf, part = null, onPart, under, onControls, onActivity }: CandidatesSurfaceProps): ReactNode {
  const candidates = useMemo(() => candidatesOf(text), [text])
  const host = useRef<HTMLDivElement>(null)
  const keys = useMemo(() => candidates.map((candidate) => candidate.key), [candidates])
  const { at, now, go, take } = useWalk({ keys, part, onPart, reveal: (place) => host.current?.children[place]?.scrollIntoView({ inline: 'nearest', block: 'nearest' }) })
  useEffect(() => {
    const scroll = (by: number): void => host.current?.children[now.current]?.querySelector('.answer-body')?.scrollBy({ top: by })
    onControls(stillControls(host, { up: () => scroll(-STEP), down: () => scroll(STEP), left: () => go(now.current - 1), right: () => go(now.current + 1) }))
    return () => onControls(null)
  }, [now, go, onControls])
  return (
    <div className="answers-surface">
      <div ref={host} className="answers" tabIndex={0} role="group" aria-label={label} onPointerDown={onActivity} onWheel={onActivity}>
        {candidates.map((candidate, i) => (
          <Answer key={candidate.key} candidate={candidate} letter={letterOf(i)} mark={markOf(candidate.key)} active={i === at} onActive={() => take(i)} under={under?.(candidate.key)} />
        ))}
      </div>
      <Blinded />
      <p className="hidden" role="status" aria-live="polite">{announce}</p>
    </div>
  )
}

interface AnswerProps {
  readonly candidate: Candidate
  readonly letter: string
  readonly mark: { readonly text: string; readonly best: boolean } | null
  readonly active: boolean
  readonly onActive: () => void
  readonly under: ReactNode
}

function Answer({ candidate, letter, mark, active, onActive, under }: AnswerProps): ReactNode {
  const whole = useMemo(() => candidate.turns.map((t) => t.content).join('\n\n'), [candidate])
  const size = useMemo(() => (whole.length > COUNTED ? m.letters(whole.length) : m.words(wordCount(whole))), [whole])
  const [only] = candidate.turns
  return (
    <section className={['answer', mark?.best ? 'best' : '', active ? 'active' : ''].filter(Boolean).join(' ')} aria-label={m.answer(letter)} onPointerDown={onActive}>
      <header>
        <span className="letter" aria-hidden="true">{letter}</span>
        <h2>{m.answer(letter)}</h2>
        {mark && <span className="place">{mark.text}</span>}
        <span className="grow" />
        <CopyButton text={whole} label={m.copyAnswer(letter)} />
        <span className="t3 f12">{size}</span>
      </header>
      <div className="answer-body" tabIndex={0}>
        {candidate.turns.length === 1 && only ? <Said turn={only} /> : candidate.turns.map((turn, i) => <TurnView key={i} turn={turn} number={i + 1} />)}
      </div>
      {under}
    </section>
  )
}

/** Said above the answers, over the prompt: that nobody may guess where they come from. */
export function Blinded(): ReactNode {
  return (
    <span className="blinded" title={m.blindedWhy}>
      <Icon name="shield" small /> {m.blinded}
    </span>
  )
}
