// Going somewhere: links and moves by path, without a part having to know the table of routes.
import { useRouter } from '@tanstack/react-router'
import { useCallback, type AnchorHTMLAttributes, type MouseEvent, type ReactNode } from 'react'

/** The path under which the product is served, without the last slash: "" or "/labels". */
export const prefix = typeof document === 'undefined' ? '' : new URL('.', document.baseURI).pathname.replace(/\/$/, '')

/** The full address of a path of the product, for the address bar and for copying. */
export function addressOf(to: string): string {
  return prefix + to
}

/** Goes to a path of the product, such as `/p/1/items`. */
export function useGo(): (to: string, how?: { replace?: boolean }) => void {
  const { history } = useRouter()
  return useCallback(
    (to, how) => (how?.replace ? history.replace(addressOf(to)) : history.push(addressOf(to))),
    [history],
  )
}

type GoProps = Omit<AnchorHTMLAttributes<HTMLAnchorElement>, 'href'> & { to: string; children: ReactNode }

/** A link within the product. Middle click and Ctrl+click open beside, as with every link. */
export function Go({ to, onClick, children, ...rest }: GoProps) {
  const go = useGo()
  const follow = (event: MouseEvent<HTMLAnchorElement>) => {
    onClick?.(event)
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
    event.preventDefault()
    go(to)
  }
  return (
    <a href={addressOf(to)} onClick={follow} {...rest}>
      {children}
    </a>
  )
}

/** A number that opens the items behind it. */
export function Door({ to, children, className = '', ...rest }: GoProps) {
  return (
    <Go to={to} className={`n ${className}`} {...rest}>
      {children}
    </Go>
  )
}
