// Entry of the page. Role: order of start-up: schema settings, count of requests, theme, then the application.
import './platform/schemas-without-eval.ts';
import '@fontsource-variable/inter/index.css';
import '@fontsource-variable/jetbrains-mono/index.css';
import './styles/tokens.css';
import './styles/base.css';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { openClient } from './platform/index.ts';
import { startChoices } from './state/choices.ts';
import { followKeyboard } from './state/chords.ts';
import { watchRequests } from './state/requests.ts';
import { startTheme } from './state/theme.ts';

watchRequests();
const client = openClient();
startTheme(client);
startChoices(client);
followKeyboard();
createRoot(document.getElementById('root')!).render(<App client={client} />);
