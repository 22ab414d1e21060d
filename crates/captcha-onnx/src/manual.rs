//! A person.

use std::fs::{self, OpenOptions};
use std::io::{self, BufRead, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use image::ImageFormat;

use crate::picture::format_of;
use crate::{Guess, InlinePictures, Question, Solver, SolverError};

/// An answer longer than this is none.
const MOST_ANSWER: u64 = 256;

/// Writes the picture to a file, shows it in terminals that can, and asks for its text.
///
/// The question goes to the writer and the answer comes from the reader that it was made with:
/// standard streams in a program, anything else in a test. An empty line asks for another picture.
/// The file is taken away after the answer.
#[derive(Debug)]
pub struct ManualSolver<R, W> {
    folder: PathBuf,
    inline: InlinePictures,
    terminal: Mutex<Terminal<R, W>>,
}

#[derive(Debug)]
struct Terminal<R, W> {
    reader: R,
    writer: W,
    asked: u64,
}

impl<R: BufRead + Send, W: Write + Send> ManualSolver<R, W> {
    /// A solver that writes pictures to `folder` (made when missing) and talks to a person through
    /// `reader` and `writer`.
    pub fn new(folder: impl AsRef<Path>, inline: InlinePictures, reader: R, writer: W) -> Self {
        let terminal = Mutex::new(Terminal {
            reader,
            writer,
            asked: 0,
        });
        Self {
            folder: folder.as_ref().to_path_buf(),
            inline,
            terminal,
        }
    }

    /// Gives back the reader and the writer.
    pub fn into_streams(self) -> (R, W) {
        let terminal = self
            .terminal
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner);
        (terminal.reader, terminal.writer)
    }
}

impl<R: BufRead + Send, W: Write + Send> Solver for ManualSolver<R, W> {
    fn name(&self) -> &'static str {
        "manual"
    }

    fn model(&self) -> &'static str {
        "person"
    }

    fn answer(&self, image: &[u8], question: &Question) -> Result<Option<Guess>, SolverError> {
        let extension = match format_of(image)? {
            ImageFormat::Jpeg => "jpg",
            ImageFormat::Gif => "gif",
            _ => "png",
        };
        // A picture that the terminal cannot show is still in the file.
        let shown = self.inline.sequence(image).unwrap_or_default();
        // One question at a time, also when several sessions need an answer.
        let mut terminal = self.terminal.lock().unwrap_or_else(PoisonError::into_inner);
        terminal.asked += 1;
        let name = format!(
            "captcha-{}-{}.{extension}",
            std::process::id(),
            terminal.asked
        );
        let path = self.folder.join(name);
        put(&self.folder, &path, image).map_err(|source| SolverError::Show {
            path: path.clone(),
            source,
        })?;
        let wanted = match question {
            Question::Text(_) => "Its text",
            Question::Arithmetic => "The result of its sum",
        };
        let answer = ask(&mut terminal, &shown, &path, wanted);
        // The picture may have been taken away by the person; either way it is gone.
        fs::remove_file(&path).ok();
        let answer = answer.map_err(SolverError::Unanswered)?;
        let text = answer.trim();
        let readable = !text.is_empty() && !text.chars().any(char::is_control);
        Ok(readable.then(|| Guess::certain(text.to_owned())))
    }
}

/// Writes a file that did not exist before: nothing is followed or overwritten.
fn put(folder: &Path, path: &Path, image: &[u8]) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(path)?
        .write_all(image)
}

fn ask<R: BufRead, W: Write>(
    terminal: &mut Terminal<R, W>,
    shown: &str,
    path: &Path,
    wanted: &str,
) -> io::Result<String> {
    let writer = &mut terminal.writer;
    write!(
        writer,
        "{shown}Captcha picture: {}\n{wanted} (Enter alone for another picture): ",
        path.display()
    )?;
    writer.flush()?;
    let mut line = Vec::new();
    let read = terminal
        .reader
        .by_ref()
        .take(MOST_ANSWER)
        .read_until(b'\n', &mut line)?;
    if read == 0 {
        return Err(ErrorKind::UnexpectedEof.into());
    }
    if read as u64 == MOST_ANSWER && !line.ends_with(b"\n") {
        skip_line(&mut terminal.reader)?;
        return Ok(String::new());
    }
    Ok(String::from_utf8(line).unwrap_or_default())
}

/// Drops the rest of an overlong line, so that it is not the answer to the next question.
fn skip_line(reader: &mut impl BufRead) -> io::Result<()> {
    loop {
        let waiting = reader.fill_buf()?;
        let end = waiting.iter().position(|byte| *byte == b'\n');
        let used = end.map_or(waiting.len(), |at| at + 1);
        let finished = end.is_some() || waiting.is_empty();
        reader.consume(used);
        if finished {
            return Ok(());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PICTURE: &[u8] = b"\x89PNG\r\n\x1a\n and the rest";

    /// The outcomes of asking once for each line of `answers`, and what was written.
    fn asked(answers: &[u8], times: usize) -> (Vec<Option<String>>, String) {
        let folder = tempfile::tempdir().unwrap();
        let solver = ManualSolver::new(
            folder.path().join("new"),
            InlinePictures::None,
            answers,
            Vec::new(),
        );
        let outcomes = (0..times)
            .map(|_| solver.solve(PICTURE).unwrap().map(|guess| guess.text))
            .collect();
        assert_eq!(
            fs::read_dir(folder.path().join("new")).unwrap().count(),
            0,
            "pictures are left behind"
        );
        (
            outcomes,
            String::from_utf8(solver.into_streams().1).unwrap(),
        )
    }

    #[test]
    fn each_question_takes_one_line() {
        let (answers, written) = asked(b" x7k2m9 \n\nab12cd", 3);
        assert_eq!(
            answers,
            [Some("x7k2m9".to_owned()), None, Some("ab12cd".to_owned())]
        );
        assert_eq!(written.matches("Captcha picture: ").count(), 3);
        assert!(written.contains(".png\n"), "{written}");
    }

    #[test]
    fn an_overlong_or_unreadable_line_is_no_answer() {
        let long = [vec![b'a'; 5000], b"\nabc\n".to_vec()].concat();
        assert_eq!(asked(&long, 2).0, [None, Some("abc".to_owned())]);
        assert_eq!(
            asked(b"\xff\xfe\nabc\n", 2).0,
            [None, Some("abc".to_owned())]
        );
        assert_eq!(asked(b"a\x1b[2Jb\n", 1).0, [None]);
    }

    #[test]
    fn nobody_there_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let solver =
            ManualSolver::new(folder.path(), InlinePictures::None, io::empty(), io::sink());
        assert!(matches!(
            solver.solve(PICTURE),
            Err(SolverError::Unanswered(_))
        ));
        assert!(matches!(
            solver.solve(b"<html>"),
            Err(SolverError::Picture { .. })
        ));
        let file = folder.path().join("file");
        fs::write(&file, "in the way").unwrap();
        let solver = ManualSolver::new(&file, InlinePictures::None, io::empty(), io::sink());
        assert!(matches!(
            solver.solve(PICTURE),
            Err(SolverError::Show { .. })
        ));
    }

    #[test]
    fn the_picture_is_shown_where_the_terminal_can() {
        let folder = tempfile::tempdir().unwrap();
        let solver = ManualSolver::new(
            folder.path(),
            InlinePictures::Iterm,
            &b"abc\n"[..],
            Vec::new(),
        );
        solver.solve(PICTURE).unwrap();
        let written = String::from_utf8(solver.into_streams().1).unwrap();
        assert!(
            written.starts_with("\x1b]1337;File=inline=1;"),
            "{written:?}"
        );
    }
}
