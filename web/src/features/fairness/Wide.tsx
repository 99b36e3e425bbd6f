// A table that scrolls by itself where the window is narrow; reached by keys.
import type { ReactNode } from 'react'

export const Wide = ({ label, children }: { label: string; children: ReactNode }) => <div className="scroller fa-wide" tabIndex={0} role="region" aria-label={label}>{children}</div>
