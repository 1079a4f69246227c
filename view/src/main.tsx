/** Entry of the page: finds out what it is shown in, and draws. */

import { render } from 'preact';
import { useTranslations } from '../../core/text/l10n.ts';
import { fileHost, reportsInside, translationsInside } from './fileHost.ts';
import { FilePage } from './shell/filePage.tsx';
import { LivePage } from './shell/livePage.tsx';
import { webviewHost } from './webviewHost.ts';
import './base.css';

const root = document.getElementById('root');
if (root !== null) {
  const webview = webviewHost();
  if (webview === undefined) {
    useTranslations(translationsInside());
    render(<FilePage host={fileHost()} views={reportsInside()} />, root);
  } else render(<LivePage {...webview} />, root);
}
