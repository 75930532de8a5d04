// Browsers start no workers for pages that are opened as files. There, a hidden frame runs the script of the search.
if (location.protocol === "file:") {
  window.Worker = class extends EventTarget {
    constructor(address) {
      super();
      this.frame = document.createElement("iframe");
      this.frame.hidden = true;
      this.waiting = [];
      (document.body || document.documentElement).append(this.frame);
      const inner = this.frame.contentWindow;
      inner.postMessage = (data) => setTimeout(() => this.receive(data));
      inner.importScripts = () => {};
      const script = inner.document.createElement("script");
      script.src = new URL(address, location.href);
      script.onload = () => {
        this.isReady = true;
        this.waiting.splice(0).forEach((data) => this.postMessage(data));
      };
      inner.document.documentElement.append(script);
    }

    postMessage(data) {
      if (this.isReady) {
        const event = new MessageEvent("message", { data });
        setTimeout(() => this.frame.contentWindow?.dispatchEvent(event));
      } else {
        this.waiting.push(data);
      }
    }

    receive(data) {
      const event = new MessageEvent("message", { data });
      this.onmessage?.(event);
      this.dispatchEvent(event);
    }

    terminate() {
      this.frame.remove();
    }
  };
}
