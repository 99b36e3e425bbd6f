// A picture that cannot be shown: what happened, what now, and what whoever keeps the files needs to know.

import { type ReactNode, useEffect, useState } from 'react'
import type { PictureError } from '../../surfaces/canvas/images'
import { Icon } from '../../ui/Icon'
import { Button, copyText } from '../../ui/parts'
import { useScreen } from './context'
import { m } from './messages'

/** A server that was started again answers soon; one that stays away is not asked too often. */
const AGAIN_MS = [500, 1_000, 2_000, 5_000]

/** A picture that has not arrived is asked for again; one that cannot be read is skipped. */
export function BrokenPicture(given: { error: PictureError; url: string; tries: number; onAgain: () => void }): ReactNode {
  return given.error.isAway ? <AwayPicture {...given} /> : <UnreadablePicture {...given} />
}

function AwayPicture({ error, tries, onAgain }: { error: PictureError; tries: number; onAgain: () => void }): ReactNode {
  const screen = useScreen()
  useEffect(() => screen.unseen.add({ reason: error.message, canSkip: false }), [screen, error])
  useEffect(() => {
    const timer = setTimeout(onAgain, AGAIN_MS[Math.min(tries, AGAIN_MS.length - 1)])
    window.addEventListener('online', onAgain)
    return () => {
      clearTimeout(timer)
      window.removeEventListener('online', onAgain)
    }
  }, [tries, onAgain])
  return (
    <div className="plate broken" role="alert" tabIndex={0}>
      <span className="warn"><Icon name="wifi" /></span>
      <h2>{m.awayTitle}</h2>
      <p className="t2">{m.awayText}</p>
      <div className="row g2 acts">
        <Button look="primary" size="big" icon="refresh" onClick={onAgain}>{m.tryAgain}</Button>
      </div>
    </div>
  )
}

function UnreadablePicture({ error, url, onAgain }: { error: PictureError; url: string; onAgain: () => void }): ReactNode {
  const screen = useScreen()
  useEffect(() => screen.unseen.add({ reason: error.message, canSkip: true }), [screen, error])
  const [copied, setCopied] = useState(false)
  const facts = [
    [m.cause, error.message],
    [m.address, url],
    ...(error.trace ? [[m.trace, error.trace]] : []),
  ] as const
  const copy = async (): Promise<void> => {
    await copyText(facts.map(([name, value]) => `${name}: ${value}`).join('\n'))
    setCopied(true)
  }
  return (
    <div className="plate broken" role="alert" tabIndex={0}>
      <span className="bad"><Icon name="alert" /></span>
      <h2>{m.brokenTitle[error.status] ?? m.brokenOther}</h2>
      <p className="t2">{m.brokenText(error.message)}</p>
      <div className="row g2 acts">
        <Button look="primary" size="big" icon="skip" keys="Space" onClick={() => screen.submit()}>{m.skipBroken}</Button>
        <Button size="big" icon="refresh" onClick={onAgain}>{m.tryAgain}</Button>
      </div>
      <div className="facts-card">
        <div className="row g2">
          <span className="md grow">{m.details}</span>
          <Button look="quiet" size="small" icon="copy" onClick={() => void copy()}>{copied ? m.copied : m.copy}</Button>
        </div>
        <dl>
          {facts.map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd className={name === m.cause ? '' : 'mono'}>{value}</dd>
            </div>
          ))}
        </dl>
      </div>
    </div>
  )
}
