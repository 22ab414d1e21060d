//! captcha-onnx
