// Labels made elsewhere, each import a layer of its own. Role: statements of `label_layers` and `layer_videos`.
// Limits: a layer never changes after its import; nothing of it enters runs, reviews or ground truth.
import { z } from 'zod';
import { importFormat, type LabelLayer, layerEvent } from '../../shared/contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import { inTransaction, now, parseColumn, type ReadDb, type WriteDb } from './sqlite.ts';

const eventsSchema = z.array(layerEvent);
export type LayerEvent = z.infer<typeof layerEvent>;

/** What a layer says about one video. */
export interface LayerVideo {
  videoId: number;
  /** Ascending by start; empty: the layer says that nothing happens. */
  events: LayerEvent[];
  /** Soft labels, one per segment; null where the layer has none. */
  scores: Float32Array | null;
}

interface LayerRow extends Omit<LabelLayer, 'format'> {
  format: string;
}
interface VideoRow {
  videoId: number;
  events: string;
  scores: Buffer | null;
}

const toLayer = (row: LayerRow): LabelLayer => ({
  ...row,
  format: importFormat.catch('csv').parse(row.format),
});

const toVideo = ({ videoId, events, scores }: VideoRow): LayerVideo => ({
  videoId,
  events: parseColumn(eventsSchema, 'layer_videos.events', events),
  scores: scores && new Float32Array(Uint8Array.from(scores).buffer),
});

export function layersReader(db: ReadDb) {
  const layers = `
    SELECT l.id, l.name, l.format, l.source, l.imported_at AS importedAt,
      (SELECT count(*) FROM layer_videos AS v WHERE v.layer_id = l.id) AS videos,
      (SELECT coalesce(sum(json_array_length(v.events)), 0) FROM layer_videos AS v WHERE v.layer_id = l.id) AS events
    FROM label_layers AS l`;
  const all = db.prepare<[], LayerRow>(`${layers} ORDER BY l.id DESC`);
  const one = db.prepare<{ id: number }, LayerRow>(`${layers} WHERE l.id = @id`);
  const videos = `
    SELECT v.video_id AS videoId, v.events, v.scores FROM layer_videos AS v JOIN videos AS x ON x.id = v.video_id
    WHERE v.layer_id = @id`;
  const ofLayer = db.prepare<{ id: number }, VideoRow>(`${videos} ORDER BY x.rel_path`);
  const ofVideo = db.prepare<{ id: number; videoId: number }, VideoRow>(
    `${videos} AND v.video_id = @videoId`,
  );
  return {
    /** Newest first. */
    list: (): LabelLayer[] => all.all().map(toLayer),
    /** @throws AppError `not_found` */
    get(id: number): LabelLayer {
      const row = one.get({ id });
      if (!row)
        throw new AppError('not_found', 'These imported labels are not in the project (any more).', { id });
      return toLayer(row);
    },
    /** Its videos in the order of their relative paths. */
    videos: (id: number): LayerVideo[] => ofLayer.all({ id }).map(toVideo),
    /** Null: the layer does not name this video. */
    video(id: number, videoId: number): LayerVideo | null {
      const row = ofVideo.get({ id, videoId });
      return row ? toVideo(row) : null;
    },
  };
}

export interface NewLayer extends Pick<LabelLayer, 'name' | 'format' | 'source'> {
  /** How it was read and what became of it. */
  report: object;
  videos: readonly LayerVideo[];
}

export function layersWriter(db: WriteDb) {
  const names = db.prepare<[], { name: string }>('SELECT name FROM label_layers');
  const insert = db.prepare<{ name: string; format: string; source: string; report: string; now: number }>(`
    INSERT INTO label_layers (name, format, source, report, imported_at)
    VALUES (@name, @format, @source, @report, @now)`);
  const put = db.prepare<{ id: number; videoId: number; events: string; scores: Buffer | null }>(`
    INSERT INTO layer_videos (layer_id, video_id, events, scores) VALUES (@id, @videoId, @events, @scores)`);
  const rename = db.prepare<{ id: number; name: string }>(
    'UPDATE label_layers SET name = @name WHERE id = @id',
  );
  const remove = db.prepare<{ id: number }>('DELETE FROM label_layers WHERE id = @id');
  /** The name, with a number where it is taken. */
  const free = (name: string): string => {
    const taken = new Set(names.all().map((row) => row.name));
    for (let n = 1; ; n++) {
      const wanted = n === 1 ? name : `${name} (${n})`;
      if (!taken.has(wanted)) return wanted;
    }
  };
  return {
    /** Stores a whole layer, or nothing; returns its id. */
    add({ name, format, source, report, videos }: NewLayer): number {
      return inTransaction(db, () => {
        const id = Number(
          insert.run({ name: free(name), format, source, report: JSON.stringify(report), now: now() })
            .lastInsertRowid,
        );
        for (const { videoId, events, scores } of videos) {
          put.run({
            id,
            videoId,
            events: JSON.stringify(events),
            scores: scores && Buffer.from(scores.buffer, scores.byteOffset, scores.byteLength),
          });
        }
        return id;
      });
    },
    /** @throws AppError `conflict` for a name that another layer has. */
    rename(id: number, name: string): void {
      const other = layersReader(db)
        .list()
        .find((layer) => layer.name === name && layer.id !== id);
      if (other)
        throw new AppError('conflict', `Other imported labels are called "${name}". Choose another name.`);
      rename.run({ id, name });
    },
    remove(id: number): void {
      remove.run({ id });
    },
  };
}
