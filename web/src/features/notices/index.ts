// What stands on every page; the page of notices is loaded by itself.
export { Bell } from './Bell'
