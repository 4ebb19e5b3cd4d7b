// Method options from the command line.
import { describe, expect, it } from 'vitest';
import { configFrom } from '../../../../electron/hosts/cli/config.ts';
import { c2fplConfig, c2fplInfo } from '../../../../electron/methods/c2fpl/config.ts';
import { motionInfo } from '../../../../electron/methods/motion/config.ts';
import { AppError } from '../../../../shared/errors.ts';

const from = (preset: string | undefined, ...settings: string[]) => configFrom(c2fplInfo, preset, settings);

describe('configFrom', () => {
  it('turns texts into the types of the options; later settings win', () => {
    expect(from(undefined, 'beta=0.3', 'epochs=5', 'nesterov=off', 'cplMode=directed', 'beta=0.4')).toEqual({
      beta: 0.4,
      epochs: 5,
      nesterov: false,
      cplMode: 'directed',
    });
  });

  it('lets settings win over a preset, and gives what the method accepts', () => {
    const config = from('paper', 'epochs=3');
    expect(config).toMatchObject({ attention: 'feature', epochs: 3 });
    expect(c2fplConfig.parse(config)).toMatchObject({ attention: 'feature', epochs: 3 });
  });

  it('knows every option of every method by its default', () => {
    for (const info of [c2fplInfo, motionInfo]) {
      for (const option of info.options) {
        const config = configFrom(info, undefined, [`${option.key}=${option.default}`]);
        expect(config).toEqual({ [option.key]: option.default });
      }
    }
  });

  it.each([
    ['beta', /key=value/],
    ['=1', /key=value/],
    ['gamma=1', /no option "gamma".*beta/],
    ['beta=much', /takes a number/],
    ['beta=', /takes a number/],
    ['beta=7', /from 0.01 to 1/],
    ['epochs=1.5', /whole number/],
    ['nesterov=maybe', /on or off/],
    ['cplMode=magic', /one of directed, paper, notebook/],
  ])('refuses %s as a usage error', (setting, message) => {
    expect(() => from(undefined, setting)).toThrow(message);
    try {
      from(undefined, setting);
    } catch (error) {
      expect(error).toBeInstanceOf(AppError);
      expect((error as AppError).details).toMatchObject({ usage: true });
    }
  });

  it('refuses an unknown preset and names the known ones', () => {
    expect(() => from('best')).toThrow(/no preset "best".*default, paper, code/);
  });
});
