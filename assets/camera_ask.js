// The camera, asked for in one place; who does not get it is told why and what to do.
window.Fovea = window.Fovea || {};

(() => {
  const WAIT_MS = 15000;
  const REASONS = {
    ...{ NotAllowedError: 'refused', SecurityError: 'refused', NotFoundError: 'none', OverconstrainedError: 'none' },
    ...{ NotReadableError: 'busy', AbortError: 'busy', TimeoutError: 'late' },
  };
  const letGo = (stream) => stream.getTracks().forEach((track) => track.stop());

  // Why this page may have none, however it asks: '' where it may.
  const barred = () => {
    if (!window.isSecureContext || !navigator.mediaDevices?.getUserMedia) return 'insecure';
    const policy = document.permissionsPolicy || document.featurePolicy;
    return policy && !policy.allowsFeature('camera') ? 'framed' : '';
  };

  // A stream of pictures; video: constraints; words: has `camera_REASON`, one of which is the message of a refusal.
  Fovea.askCamera = async (video, words) => {
    const no = (reason) => new Error(words[`camera_${reason}`]);
    const reason = barred();
    if (reason) throw no(reason);
    let [late, timer] = [false, 0];
    const asked = navigator.mediaDevices.getUserMedia({ video });
    asked.then((stream) => late && letGo(stream), () => {}); // who says yes after that has no light left on
    const waited = new Promise((_, fail) => {
      timer = setTimeout(() => fail(new DOMException('', 'TimeoutError')), WAIT_MS);
    });
    try {
      return await Promise.race([asked, waited]);
    } catch (error) {
      late = error.name === 'TimeoutError';
      throw error.name in REASONS ? no(REASONS[error.name]) : error;
    } finally {
      clearTimeout(timer);
    }
  };
  Fovea.letGo = letGo;
})();
