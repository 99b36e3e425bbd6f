export { ProjectsPage, type View } from './ProjectsPage'
