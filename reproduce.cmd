@echo off
rem Starts the program on Windows, as ./reproduce does elsewhere; it has never been run there. Builds it where it has not been built: after a
rem change of the sources delete the folder target.
setlocal
set "root=%~dp0"
where java >nul 2>nul || (echo error: java is not on the PATH: install a JDK, 17 or later, and Maven>&2 & exit /b 1)
if not exist "%root%target\classpath.txt" (
    echo Building the program, which takes minutes: Maven fetches 230 MB of libraries the first time.>&2
    call mvn -B -f "%root%pom.xml" -DskipTests package 1>&2 || exit /b 1
)
for /f "usebackq delims=" %%c in ("%root%target\classpath.txt") do set "CLASSPATH=%root%target\distill-program.jar;%%c"
if not defined TF_ENABLE_ONEDNN_OPTS set TF_ENABLE_ONEDNN_OPTS=1
set TF_OVERRIDE_GLOBAL_THREADPOOL=1
if not defined TF_CPP_MIN_LOG_LEVEL set TF_CPP_MIN_LOG_LEVEL=2
java -Xmx2g -XX:+IgnoreUnrecognizedVMOptions --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow ^
    -Dfile.encoding=UTF-8 -Djdk.console=java.base -Djava.awt.headless=true -Dorg.bytedeco.javacpp.maxPhysicalBytes=0 ^
    -Dorg.bytedeco.javacpp.platform.extension=-cpu distill.reproduce.Reproduce %*
