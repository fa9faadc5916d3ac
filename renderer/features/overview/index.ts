/** Overview: how well everything is protected, what runs, what happened; the first steps on a new installation. */
export { OverviewPage } from './overview-page.tsx';
