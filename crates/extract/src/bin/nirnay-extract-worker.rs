//! The extraction child as a program of its own.

fn main() -> std::process::ExitCode {
    nirnay_extract::worker_main()
}
