@echo off
rem Windows: runs the same script with the bash that comes with Git for Windows.
setlocal
set "BASH="
for /f "delims=" %%G in ('where git 2^>nul') do if not defined BASH if exist "%%~dpG..\bin\bash.exe" set "BASH=%%~dpG..\bin\bash.exe"
if not defined BASH for /f "delims=" %%B in ('where bash 2^>nul') do if not defined BASH set "BASH=%%B"
if not defined BASH (
  echo rec needs Git for Windows, which brings the bash that it runs in: https://gitforwindows.org 1>&2
  exit /b 2
)
"%BASH%" "%~dp0rec" %*
exit /b %ERRORLEVEL%
