// Migration 3: what people sort videos by: the camera that a video is from, and tags.
// Role: one column, one table. Limits: no data; nothing was grouped before.
import type { Migration } from './migration.ts';

export const library: Migration = {
  version: 3,
  name: 'library',
  up: (db) => {
    // A comment at the end would hide the bracket that SQLite writes behind the column.
    db.exec(`ALTER TABLE videos ADD COLUMN
      camera TEXT /* name of the camera, shared by its videos; NULL: not known */ CHECK (length(camera) > 0)`);
    db.exec('CREATE INDEX videos_by_camera ON videos (camera)');
    db.exec(`
CREATE TABLE video_tags (
  -- Words that people give to videos.
  video_id    INTEGER NOT NULL REFERENCES videos (id) ON DELETE CASCADE,
  tag         TEXT NOT NULL CHECK (length(tag) > 0),
  PRIMARY KEY (video_id, tag)
) STRICT, WITHOUT ROWID;
CREATE INDEX video_tags_by_tag ON video_tags (tag);
`);
  },
};
