// What stands where content will be, could be, or cannot be: loading, empty, failed, denied.
import { useEffect, useState, type ReactNode } from 'react'
import { Icon, type IconName } from './Icon'
import { m } from './messages'
import { Go } from './navigation'
import { Button } from './parts'
import { Ticked } from './Ticked'

/** Grey shapes of the rows that will come. After a moment it says that it is still reading. */
export function SkeletonRows({ rows = 8, height = 42, picture = false }: { rows?: number; height?: number; picture?: boolean }) {
  const late = useLate(1000)
  const widths = [[120, 64, 90], [96, 64, 120], [140, 64, 70], [110, 64, 100]]
  return (
    <div role="status" aria-label={m.loading}>
      {Array.from({ length: rows }, (_, row) => (
        <div className="skrow" key={row} style={{ height }}>
          {picture && <span className="sk" style={{ width: 48, height: 32 }} />}
          {(widths[row % widths.length] ?? []).map((width, index) => (
            <span className="sk" key={index} style={{ width }} />
          ))}
          <span className="grow" />
          <span className="sk" style={{ width: 40 }} />
        </div>
      ))}
      {late && <p className="t3 f12" style={{ padding: 12 }}>{m.awaited}</p>}
    </div>
  )
}

/** A grey shape of a card's content. */
export function SkeletonCard({ height = 120 }: { height?: number }) {
  return (
    <div className="card" role="status" aria-label={m.loading} style={{ height, padding: 12, display: 'grid', gap: 12, alignContent: 'start' }}>
      <span className="sk" style={{ width: 96 }} />
      <span className="sk" style={{ width: '60%' }} />
      <span className="sk" style={{ width: '80%' }} />
    </div>
  )
}

function useLate(ms: number): boolean {
  const [late, setLate] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), ms)
    return () => clearTimeout(timer)
  }, [ms])
  return late
}

/** Nothing is here yet: the one next thing to do. */
/** `page`: there is nothing else on the page, so this is its heading. */
export function Empty({ title, children, actions, picture, page = false }: { title: string; children?: ReactNode; actions?: ReactNode; picture?: ReactNode; page?: boolean }) {
  const Title = page ? 'h1' : 'h2'
  return (
    <div className="state">
      {picture ?? <EmptyPicture />}
      <Title>{title}</Title>
      {children && <p>{children}</p>}
      {actions && <div className="actions">{actions}</div>}
    </div>
  )
}

/** Three sheets, the first with a box on it. */
export function EmptyPicture() {
  return (
    <svg width="120" height="76" viewBox="0 0 120 76" fill="none" stroke="var(--line-3)" strokeWidth="1.5" aria-hidden="true">
      <rect x="22" y="10" width="52" height="40" rx="4" fill="var(--panel)" stroke="var(--line-2)" />
      <rect x="34" y="18" width="52" height="40" rx="4" fill="var(--panel)" stroke="var(--line-2)" />
      <rect x="46" y="26" width="52" height="40" rx="4" fill="var(--panel)" />
      <path d="M46 56l14-13 11 10 8-7 19 17" />
      <rect x="56" y="33" width="14" height="10" stroke="var(--gold-line)" />
    </svg>
  )
}

interface Wrong {
  status?: number
  title?: string
  detail?: string
  requestId?: string
}

/** What a caught value says about itself, whatever threw it. */
function wrongOf(error: unknown): Wrong {
  if (typeof error !== 'object' || error === null) return { detail: String(error) }
  const { status, title, detail, requestId, message } = error as Wrong & { message?: string }
  return { status, title, detail: detail ?? message, requestId }
}

/** Something failed, was denied or is gone: what happened, what now, and what to tell whoever runs the server. */
export function Failure({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const wrong = wrongOf(error)
  const kind = wrong.status === 403 ? 'denied' : wrong.status === 404 ? 'gone' : 'failed'
  const icon: IconName = kind === 'denied' ? 'lock' : kind === 'gone' ? 'search' : 'alert'
  const text = { denied: m.deniedText, gone: m.goneText, failed: wrong.detail || m.failedText }[kind]
  return (
    <div className="failure" role="alert">
      <Icon name={icon} />
      <h2>{m[kind]}</h2>
      <p>{text}</p>
      <div className="actions">
        {kind === 'failed' && onRetry && <Button look="primary" size="big" icon="refresh" onClick={onRetry}>{m.retry}</Button>}
        <Go to="/" className="btn big">{m.home}</Go>
      </div>
      {kind === 'failed' && (wrong.status || wrong.requestId) && (
        <div className="card" style={{ padding: '8px 12px 4px' }}>
          <p className="md" style={{ padding: '4px 0' }}>{m.details}</p>
          <table>
            <tbody>
              {wrong.title && <tr><td>{m.cause}</td><td>{wrong.title}</td></tr>}
              {wrong.status && <tr><td>{m.status}</td><td>{wrong.status}</td></tr>}
              {wrong.requestId && <tr><td>{m.trace}</td><td className="mono">{wrong.requestId}</td></tr>}
            </tbody>
          </table>
        </div>
      )}
    </div>
  )
}

/** The same for a part of a page: one line, so that the rest stays the page. */
export function PartFailure({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const wrong = wrongOf(error)
  const text = wrong.status === 403 ? m.deniedText : wrong.status === 404 ? m.goneText : wrong.detail || m.failedPart
  return (
    <div className="part-failure" role="alert">
      <span className="bad"><Icon name={wrong.status === 403 ? 'lock' : 'alert'} /></span>
      <p className="grow t2">{text}{wrong.requestId && <span className="t3 f12"> {m.trace} <span className="mono">{wrong.requestId}</span></span>}</p>
      {onRetry && <Button size="small" icon="refresh" onClick={onRetry}>{m.retry}</Button>}
    </div>
  )
}

/** A message in its place on the page. */
export function Notice({ tone, icon, children, actions }: { tone?: 'bad' | 'warn' | 'ok' | 'info'; icon?: IconName; children: ReactNode; actions?: ReactNode }) {
  const drawn = icon ?? (tone === 'ok' ? 'check' : tone === 'info' ? 'infoc' : 'alert')
  return (
    <div className={`notice ${tone ?? ''}`} role={tone === 'bad' ? 'alert' : 'status'}>
      <Icon name={drawn} />
      <div className="grow">{children}</div>
      {actions}
    </div>
  )
}

export interface ShownProblem {
  path: string
  got?: unknown
  expected?: string
  do?: string
  line?: number | null
}

/** What was wrong, where, and what to do, one line each. */
export function Problems({ problems }: { problems: readonly ShownProblem[] }) {
  return (
    <ul className="problems">
      {problems.map((problem, index) => (
        <li key={index}>
          <span className="mono t1">{problem.path}</span>
          {problem.line ? `, ${m.line(problem.line)}` : ''}
          {problem.expected ? `: ${problem.expected}. ` : ': '}
          <Ticked text={problem.do ?? ''} />
        </li>
      ))}
    </ul>
  )
}
