// The engine: one project at a time, its store, its jobs, and every call of the contract.
// Role: joins the handlers of electron/api into one object that every face uses. Limits: starts no process itself
// (its host hands it `spawn`), never imports Electron, holds no SQL.
import {
  type AnyEvent,
  type CallName,
  calls,
  type Input,
  type Output,
  type ParsedInput,
  type Result,
} from '../../shared/contract/index.ts';
import { AppError, toErrorData } from '../../shared/errors.ts';
import { appHandlers } from './app.ts';
import { createContext, type EngineOptions, type Handlers } from './context.ts';
import { detectionHandlers } from './detections.ts';
import { exportHandlers } from './exports.ts';
import { featureHandlers } from './features.ts';
import { jobHandlers } from './jobs.ts';
import { layerHandlers } from './layers.ts';
import { privacyHandlers, wholeReport } from './privacy/handlers.ts';
import { addSample, closeProject, openFolder, projectHandlers } from './projects.ts';
import { qualityHandlers } from './quality/handlers.ts';
import { pathOf, type Resource, resourceOf, respond } from './resources.ts';
import { reviewHandlers } from './review/handlers.ts';
import { runHandlers } from './runs.ts';
import { truthHandlers } from './truth.ts';
import { videoHandlers } from './videos.ts';

export interface Engine {
  /** Calls a handler with checked input. @throws AppError */
  call<N extends CallName>(name: N, input: Input<N>): Promise<Output<N>>;
  /** The same for a border: any name, any input, errors as data. */
  answer(name: string, input: unknown): Promise<Result>;
  on(listener: (event: AnyEvent) => void): () => void;
  /** Turns a path the user chose into a handle. */
  grant(path: string): Promise<{ grant: string; name: string }>;
  /** Opens the project in `folder`, creating it when `create` is given. */
  open(folder: string, create?: { name: string }): Promise<Output<'projects.open'>>;
  resource(pathname: string): Promise<Resource | null>;
  respond(request: Request): Promise<Response>;
  pathOf(target: 'project' | 'exports' | 'video', of: number | null): string | null;
  /** Resolves when the job has ended, with its last state. */
  jobEnded(jobId: number): Promise<Output<'jobs.list'>[number]>;
  /** Draws the sample scenes into the open project; import, features and training follow. Returns the first job. */
  addSample(): number;
  /** The privacy report with every file of this session. */
  privacy(): ReturnType<typeof wholeReport>;
  close(): Promise<void>;
}

export async function createEngine(options: EngineOptions): Promise<Engine> {
  const context = await createContext(options);
  const handlers: Handlers = {
    ...appHandlers(context),
    ...privacyHandlers(context),
    ...projectHandlers(context),
    ...videoHandlers(context),
    ...featureHandlers(context),
    ...detectionHandlers(context),
    ...runHandlers(context),
    ...reviewHandlers(context),
    ...truthHandlers(context),
    ...layerHandlers(context),
    ...exportHandlers(context),
    ...qualityHandlers(context),
    ...jobHandlers(context),
  };

  async function call<N extends CallName>(name: N, input: Input<N>): Promise<Output<N>> {
    const parsed = calls[name].input.safeParse(input);
    if (!parsed.success) {
      throw new AppError(
        'bad_input',
        `${name}: ${parsed.error.issues.map((i) => `${i.path.join('.')} ${i.message}`).join('; ')}`,
      );
    }
    return handlers[name](parsed.data as ParsedInput<N>);
  }

  return {
    call,
    async answer(name, input) {
      try {
        if (!Object.hasOwn(calls, name)) throw new AppError('not_found', `There is no call named ${name}.`);
        return { ok: true, value: await call(name as CallName, input as never) };
      } catch (error) {
        return { ok: false, error: toErrorData(error) };
      }
    },
    on: context.on,
    grant: context.grants.add,
    open: (folder, create) => openFolder(context, folder, { create }),
    resource: (pathname) => resourceOf(context, pathname),
    respond: (request) => respond(context, request),
    pathOf: (target, of) => pathOf(context, target, of),
    jobEnded: (jobId) => context.opened().queue.ended(jobId),
    addSample: () => addSample(context),
    privacy: () => wholeReport(context),
    close: () => closeProject(context),
  };
}
